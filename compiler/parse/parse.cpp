// Runs the grammar over a source, one declaration at a time: the recognised nodes go to the builder, a syntax error is
// reported and the next declaration looked for. The only place that instantiates the grammar, and that throws: what
// `raise` throws is caught in `recognise`.
#include "compiler/parse/parse.h"

#include <algorithm>

#include "compiler/parse/build.h"
#include "compiler/parse/recovery.h"
#include "compiler/parse/tree.h"
#include "compiler/parse/utf8.h"
#include "grammar/exm.h"
#include "grammar/messages.h"

namespace exm {
namespace {

namespace pegtl = tao::pegtl;
using parsing::Node;
using parsing::NodeKind;

constexpr std::size_t max_source_size = std::size_t{64} << 20;
constexpr std::size_t max_syntax_errors = 50;

// ------------------------------------------------------------------------------------ what is remembered

struct SyntaxError {
  parsing::Failure failure;
};

struct TooDeep {
  std::uint32_t at;
};

struct State {
  const char* base;
  std::vector<Node> nodes;
  std::vector<std::uint32_t> open;
  std::vector<ast::Comment>* comments;
  std::uint32_t source;
  std::uint32_t spacing_begin = 0;  // of the last spacing
  std::uint32_t spacing_end = 0;
  std::size_t depth = 0;

  std::uint32_t offset(const char* at) const { return static_cast<std::uint32_t>(at - base); }

  void begin(NodeKind kind, std::uint32_t at) {
    open.push_back(static_cast<std::uint32_t>(nodes.size()));
    nodes.push_back({kind, at, at, 0});
  }
  void end(std::uint32_t at) {
    Node& node = nodes[open.back()];
    node.end = at == spacing_end && spacing_begin >= node.begin ? spacing_begin : at;
    node.next = static_cast<std::uint32_t>(nodes.size());
    open.pop_back();
  }
  void drop() {
    nodes.resize(open.back());
    open.pop_back();
  }
  void forget() {
    nodes.clear();
    open.clear();
    depth = 0;
  }
};

template <class R>
inline constexpr NodeKind kept = NodeKind::nothing;
#define EXM_KEPT(rule) \
  template <>          \
  inline constexpr NodeKind kept<grammar::rule> = NodeKind::rule;
EXM_KEPT_RULES(EXM_KEPT)
#undef EXM_KEPT
template <>
inline constexpr NodeKind kept<grammar::value> = NodeKind::expression;
template <>
inline constexpr NodeKind kept<grammar::collection_operator> = NodeKind::binary_operator;
template <>
inline constexpr NodeKind kept<grammar::target> = NodeKind::operand;

/// Rules through which every recursion of the grammar passes.
template <class R>
inline constexpr bool recursive = false;
template <>
inline constexpr bool recursive<grammar::expression> = true;
template <>
inline constexpr bool recursive<grammar::value> = true;
template <>
inline constexpr bool recursive<grammar::collection> = true;
template <>
inline constexpr bool recursive<grammar::body> = true;
template <>
inline constexpr bool recursive<grammar::type> = true;
template <>
inline constexpr bool recursive<grammar::effect_body> = true;

template <class R>
struct Control : pegtl::normal<R> {
  template <class Input>
  static void start(const Input& in, State& state) {
    if constexpr (recursive<R>)
      if (++state.depth > parsing::max_nesting) throw TooDeep{state.offset(in.current())};
    if constexpr (kept<R> != NodeKind::nothing) state.begin(kept<R>, state.offset(in.current()));
  }
  template <class Input>
  static void success(const Input& in, State& state) {
    if constexpr (recursive<R>) --state.depth;
    if constexpr (kept<R> != NodeKind::nothing) state.end(state.offset(in.current()));
  }
  template <class Input>
  static void failure(const Input& /*unused*/, State& state) {
    if constexpr (recursive<R>) --state.depth;
    if constexpr (kept<R> != NodeKind::nothing) state.drop();
  }
  template <class Input>
  [[noreturn]] static void raise(const Input& in, State& state) {
    static_assert(grammar::message<R> != nullptr, "messages.h says nothing for this need<>");
    constexpr bool ends_text = std::is_same_v<R, grammar::quote_end> || std::is_same_v<R, grammar::block_end>;
    throw SyntaxError{{state.offset(in.current()), grammar::message<R>, ends_text ? state.nodes[state.open.back()].begin : 0, ends_text}};
  }
};

template <>
struct Control<grammar::spacing> : pegtl::normal<grammar::spacing> {
  template <class Input>
  static void start(const Input& in, State& state) {
    state.spacing_begin = state.offset(in.current());
  }
  template <class Input>
  static void success(const Input& in, State& state) {
    state.spacing_end = state.offset(in.current());
  }
};

/// Comments are met in reading order, some of them more than once.
template <>
struct Control<grammar::comment> : pegtl::normal<grammar::comment> {
  template <class Input>
  static void success(const Input& in, State& state) {
    std::uint32_t end = state.offset(in.current());
    std::uint32_t begin = end;
    if (!state.comments->empty() && state.comments->back().span.end + 1 >= end) return;
    while (begin > 0 && state.base[begin - 1] != '\n') --begin;
    begin = std::max(begin, state.spacing_begin);
    while (state.base[begin] != '#') ++begin;
    if (end > begin && state.base[end - 1] == '\r') --end;
    state.comments->push_back({{state.source, begin, end}});
  }
};

// ------------------------------------------------------------------------------------------ one declaration

using Input = pegtl::memory_input<pegtl::tracking_mode::lazy, pegtl::eol::lf_crlf, const char*>;

/// True where a declaration was read; else what was wrong has been reported.
bool recognise(Input& in, State& state, std::string_view text, std::uint32_t begin, Diagnostics& diagnostics, std::uint32_t& failed_at) {
  try {
    if (pegtl::parse<grammar::declaration, pegtl::nothing, Control>(in, state)) return true;
    failed_at = begin;
    parsing::report(text, state.source, begin, {begin, "a declaration", 0, false}, diagnostics);
  } catch (const SyntaxError& error) {
    failed_at = error.failure.at;
    parsing::report(text, state.source, begin, error.failure, diagnostics);
  } catch (const TooDeep& error) {
    failed_at = error.at;
    diagnostics.report({state.source, error.at, error.at + 1}, diag::too_deep, parsing::max_nesting);
  }
  return false;
}

}  // namespace

ast::File parse(const Sources& sources, std::uint32_t source, Diagnostics& diagnostics) {
  const std::string_view text = sources[source].text;
  ast::File file;
  file.source = source;
  if (text.size() > max_source_size) {
    diagnostics.report({source, 0, 0}, diag::source_too_big, text.size(), max_source_size);
    return file;
  }
  if (const auto bad = parsing::first_bad_utf8(text)) diagnostics.report({source, *bad, *bad + 1}, diag::bad_utf8);

  State state{text.data(), {}, {}, &file.comments, source};
  std::uint32_t at = text.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
  std::size_t errors = 0;
  Input start(text.data() + at, text.data() + text.size(), "");
  pegtl::parse<grammar::spacing, pegtl::nothing, Control>(start, state);
  at = state.offset(start.current());

  while (at < text.size()) {
    Input in(text.data() + at, text.data() + text.size(), "");
    state.forget();
    std::uint32_t failed_at = at;
    if (recognise(in, state, text, at, diagnostics, failed_at)) {
      file.declarations.push_back(parsing::build_declaration(state.nodes, text, source, file.comments, diagnostics));
      at = state.offset(in.current());
      continue;
    }
    const std::uint32_t next = parsing::next_declaration(text, at, failed_at);
    ast::Declaration broken;
    broken.span = {source, at, next};
    file.declarations.push_back(std::move(broken));
    if (++errors == max_syntax_errors) {
      diagnostics.report({source, next, next}, diag::too_many_errors, max_syntax_errors);
      break;
    }
    Input rest(text.data() + next, text.data() + text.size(), "");
    pegtl::parse<grammar::spacing, pegtl::nothing, Control>(rest, state);
    at = state.offset(rest.current());
  }
  return file;
}

}  // namespace exm
