// Text in YAML that Ansible reads: what the plan says is data there, and no template. Entry points: yaml_text, yaml_unsafe, yaml_block.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace exm::show {

/// One quoted scalar on one line. Ansible looks for templates in it.
std::string yaml_text(std::string_view text);

/// The same, marked so that nothing in it is a template.
std::string yaml_unsafe(std::string_view text);

/// A command, marked so: as lines where a reader sees all that is in it there, else on one line. `indent` is that of its lines, in spaces.
std::string yaml_block(std::string_view text, std::size_t indent);

/// A comment of one line, without its mark.
std::string yaml_comment(std::string_view text);

/// A literal of Jinja's expressions, in which no template can begin and that YAML need not know of.
std::string jinja_text(std::string_view text);

}  // namespace exm::show
