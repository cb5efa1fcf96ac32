// What the pages have in common that a browser or a reader of Markdown shows: the look, and text that is taken for nothing else.
#pragma once

#include <string>
#include <string_view>

namespace exm::show {

/// Text that Markdown takes for nothing else, also within a table.
std::string escape_markdown(std::string_view text);

std::string escape_html(std::string_view text);

/// A page down to its title, with the one look. `</body>` and `</html>` end it.
std::string html_head(std::string_view title);

}  // namespace exm::show
