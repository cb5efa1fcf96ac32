// Commands: their text, and that no value is put in where a language's own quotes or comments stand around it.
#include <fmt/format.h>

#include "compiler/check/checker.h"

namespace exm::checking {

namespace {
/// Where in a text of PowerShell or a POSIX shell one is: in code, or inside something where a literal would be no literal.
class Quoting {
 public:
  explicit Quoting(bool powershell) : powershell_(powershell) {}

  void read(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) i += step(text.substr(i), i == 0 ? last_ : text[i - 1]);
    if (!text.empty()) last_ = text.back();
  }
  /// A value stood here.
  void value() { last_ = 'x'; }

  /// "quotes", "a comment", or "" in code.
  std::string_view inside() const {
    switch (stack_.empty() ? Place::code : stack_.back()) {
      case Place::code: return "";
      case Place::line_comment: case Place::block_comment: return "a comment";
      default: return "quotes";
    }
  }

 private:
  enum class Place { code, single_quotes, double_quotes, single_here, double_here, line_comment, block_comment, backticks };

  std::size_t step(std::string_view rest, char before) {
    switch (stack_.empty() ? Place::code : stack_.back()) {
      case Place::code: return in_code(rest, before);
      case Place::single_quotes: return in_single(rest);
      case Place::double_quotes: return in_double(rest);
      case Place::line_comment:
        if (rest[0] == '\n') stack_.pop_back();
        return 1;
      case Place::block_comment: return ends(rest, "#>");
      case Place::single_here: return here_ends(rest, before, '\'');
      case Place::double_here:
        if (rest.starts_with("$(")) return enter(Place::code, 2);
        if (rest[0] == '`') return 2;
        return here_ends(rest, before, '"');
      case Place::backticks:
        if (rest[0] == '\\') return 2;
        return ends(rest, "`");
    }
    return 1;
  }

  /// How many bytes of a quote stand there: PowerShell takes the typographic ones for quotes too.
  std::size_t quote(std::string_view rest, char kind) const {
    if (rest[0] == kind) return 1;
    if (!powershell_ || rest.size() < 3 || rest[0] != '\xE2' || rest[1] != '\x80') return 0;
    const auto last = static_cast<unsigned char>(rest[2]);
    const bool found = kind == '\'' ? last >= 0x98 && last <= 0x9B : last >= 0x9C && last <= 0x9E;
    return found ? 3 : 0;
  }

  std::size_t in_code(std::string_view rest, char before) {
    if (rest[0] == (powershell_ ? '`' : '\\')) return 2;
    if (powershell_ && rest.starts_with("<#")) return enter(Place::block_comment, 2);
    if (powershell_ && rest[0] == '@' && rest.size() > 1) {
      if (const std::size_t n = quote(rest.substr(1), '\'')) return enter(Place::single_here, 1 + n);
      if (const std::size_t n = quote(rest.substr(1), '"')) return enter(Place::double_here, 1 + n);
    }
    if (const std::size_t n = quote(rest, '\'')) return enter(Place::single_quotes, n);
    if (const std::size_t n = quote(rest, '"')) return enter(Place::double_quotes, n);
    if (!powershell_ && rest[0] == '`') return enter(Place::backticks, 1);
    const bool starts_word = before == 0 || std::string_view(" \t\r\n;(){}|&").find(before) != std::string_view::npos;
    if (rest[0] == '#' && starts_word) return enter(Place::line_comment, 1);
    if (rest[0] == '(' && !stack_.empty()) return enter(Place::code, 1);
    if (rest[0] == ')' && !stack_.empty()) stack_.pop_back();
    return 1;
  }

  std::size_t in_single(std::string_view rest) {
    const std::size_t n = quote(rest, '\'');
    if (n == 0) return 1;
    if (powershell_ && rest.size() > n) {
      if (const std::size_t doubled = quote(rest.substr(n), '\'')) return n + doubled;
    }
    stack_.pop_back();
    return n;
  }

  std::size_t in_double(std::string_view rest) {
    if (rest[0] == (powershell_ ? '`' : '\\')) return 2;
    if (rest.starts_with("$(")) return enter(Place::code, 2);
    const std::size_t n = quote(rest, '"');
    if (n == 0) return 1;
    if (powershell_ && rest.size() > n) {
      if (const std::size_t doubled = quote(rest.substr(n), '"')) return n + doubled;
    }
    stack_.pop_back();
    return n;
  }

  std::size_t enter(Place place, std::size_t length) {
    if (stack_.size() < 1000) stack_.push_back(place);
    return length;
  }

  std::size_t ends(std::string_view rest, std::string_view end) {
    if (!rest.starts_with(end)) return 1;
    stack_.pop_back();
    return end.size();
  }

  std::size_t here_ends(std::string_view rest, char before, char kind) {
    const std::size_t n = before == '\n' ? quote(rest, kind) : 0;
    if (n == 0 || rest.size() <= n || rest[n] != '@') return 1;
    stack_.pop_back();
    return n + 1;
  }

  bool powershell_;
  char last_ = 0;
  std::vector<Place> stack_;
};
}  // namespace

void Checker::check_quoting(const ast::Expr& ast, const std::string& language) {
  if (language != "powershell" && language != "shell") return;
  Quoting quoting(language == "powershell");
  for (const ast::TextPart& part : ast.parts) {
    quoting.read(part.literal);
    if (part.value.empty()) continue;
    if (const std::string_view inside = quoting.inside(); !inside.empty()) {
      diagnostics_.report(part.span, diag::inside_quotes, inside, language)
          .hint(language == "powershell" ? "end the quotes before it, or use ('… {0} …' -f ${x})" : "end the quotes before it and begin them again after it");
    }
    quoting.value();
  }
}

Expr Checker::command(const ast::Expr& ast, const std::string& language, Scope scope) {
  scope.command = true;
  if (ast.kind == ast::ExprKind::text) check_quoting(ast, language);
  return text_of(ast, scope);
}

program::Run Checker::run_of(const ast::Run& ast, Scope& scope) {
  program::Run run;
  run.language = ast.language.text;
  run.span = ast.language.span;
  if (ast.from) {
    run.from_controller = ast.from->kind == ast::ExprKind::name && ast.from->text == "controller";
    if (!run.from_controller) run.from = expect(*ast.from, scope, object_type({}), Fit::or_none);
  }
  run.text = command(ast.text, run.language, scope);
  return run;
}

}  // namespace exm::checking
