#include "compiler/parse/build.h"

#include <algorithm>

#include "compiler/parse/builder.h"

namespace exm::parsing {

// ------------------------------------------------------------------------------------------------ the nodes

Ref Builder::child(Ref node, NodeKind wanted) const {
  for (Ref c = first(node); c != none; c = after(c, node))
    if (kind(c) == wanted) return c;
  return none;
}

Ref Builder::last(Ref node) const {
  Ref found = none;
  for (Ref c = first(node); c != none; c = after(c, node)) found = c;
  return found;
}

ast::Name Builder::name_in(Ref node) const {
  const Ref found = child(node, NodeKind::identifier);
  return found == none ? ast::Name{"", span(node)} : name(found);
}

std::string Builder::comments_above(std::uint32_t begin, std::string_view mark) const {
  auto at = std::upper_bound(comments_.begin(), comments_.end(), begin, [](std::uint32_t b, const ast::Comment& c) { return b < c.span.begin; });
  std::vector<std::string_view> lines;
  std::uint32_t below = begin;
  while (at != comments_.begin()) {
    --at;
    const std::string_view between = text_.substr(at->span.end, below - at->span.end);
    if (std::count(between.begin(), between.end(), '\n') != 1 || between.find_first_not_of(" \t\r\n") != std::string_view::npos) break;
    std::size_t margin = at->span.begin;
    while (margin > 0 && (text_[margin - 1] == ' ' || text_[margin - 1] == '\t')) --margin;
    if (margin > 0 && text_[margin - 1] != '\n') break;
    const std::string_view line = text_.substr(at->span.begin, at->span.end - at->span.begin);
    const std::size_t marks = line.substr(0, 2) == "##" ? 2 : 1;
    if (marks == mark.size()) lines.push_back(line.substr(std::min<std::size_t>(line.size(), line.substr(marks, 1) == " " ? marks + 1 : marks)));
    below = static_cast<std::uint32_t>(margin);
  }
  std::string doc;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) doc += (doc.empty() ? "" : "\n") + std::string(*line);
  return doc;
}

// --------------------------------------------------------------------------------------------- declarations

ast::Use Builder::use(Ref node) {
  ast::Use use;
  const Ref path = first(node);
  use.path_span = span(path);
  use.is_file = kind(path) == NodeKind::text;
  if (!use.is_file) {
    use.path = text(path);
    return use;
  }
  const ast::Expr written = any_text(path);
  for (const ast::TextPart& part : written.parts) {
    if (!part.value.empty()) complain(part.span, diag::expected, "the name of a file, without `${…}`");
    use.path += part.literal;
  }
  return use;
}

ast::Kind Builder::kind_declaration(Ref node) {
  ast::Kind declared;
  each_child(node, [&](Ref c) {
    if (kind(c) == NodeKind::identifier) {
      declared.name = name(c);
    } else if (kind(c) == NodeKind::owner) {
      declared.owner = name_in(c);
    } else if (kind(c) == NodeKind::owned_as) {
      declared.collection = name_in(c);
      declared.at_most_one = has_child(c, NodeKind::at_most_one);
    } else {
      member(c, declared.members);
    }
  });
  return declared;
}

ast::Rule Builder::rule(Ref node) {
  ast::Rule rule;
  rule.name = name_in(node);
  each_child(node, [&](Ref c) {
    ast::RuleClause clause;
    clause.span = span(c);
    switch (kind(c)) {
      case NodeKind::of_steps: rule.of_steps = true; return;
      case NodeKind::severity_warning: rule.warning = true; return;
      case NodeKind::rule_title: rule.title = text_in(c); return;
      case NodeKind::rule_source: rule.sources.push_back(text_in(c)); return;
      case NodeKind::rule_always: clause.kind = ast::RuleKind::always; break;
      case NodeKind::rule_check: clause.kind = ast::RuleKind::check; break;
      case NodeKind::rule_notice: clause.kind = ast::RuleKind::notice; break;
      default: return;
    }
    clause.condition = optional_expression(c, NodeKind::expression);
    clause.text = clause.kind == ast::RuleKind::notice ? text_in(c) : optional_text(c, NodeKind::else_part);
    rule.clauses.push_back(std::move(clause));
  });
  return rule;
}

ast::Fault Builder::fault(Ref node) {
  ast::Fault fault;
  fault.name = name_in(node);
  fault.parameters = parameters(node);
  each_child(node, [&](Ref c) {
    if (kind(c) == NodeKind::fault_title) fault.title = text_in(c);
    else if (kind(c) == NodeKind::fault_effect) fault.effects.push_back(effect(first(c)));
  });
  return fault;
}

ast::Prelude Builder::prelude(Ref node) {
  ast::Prelude prelude;
  prelude.language = name_in(node);
  if (const Ref on = child(node, NodeKind::prelude_on); on != none) prelude.host_kind = name_in(on);
  prelude.text = text_in(node);
  return prelude;
}

ast::Expect Builder::expectation(Ref node) {
  ast::Expect expect;
  expect.span = span(node);
  const Ref form = first(node);
  switch (kind(form)) {
    case NodeKind::expect_always: expect.kind = ast::ExpectKind::always; break;
    case NodeKind::expect_no_plan: expect.kind = ast::ExpectKind::no_plan; break;
    case NodeKind::expect_no_step: expect.kind = ast::ExpectKind::no_step; break;
    case NodeKind::expect_retreat: expect.kind = ast::ExpectKind::retreat; break;
    case NodeKind::expect_headroom: expect.kind = ast::ExpectKind::headroom; break;
    default: expect.kind = has_child(form, NodeKind::expect_before) ? ast::ExpectKind::before : ast::ExpectKind::step;
  }
  each_child(form, [&](Ref c) {
    if (kind(c) == NodeKind::operand) expect.first = operand(c);
    else if (kind(c) == NodeKind::expect_before) expect.second = operand(first(c));
    else if (kind(c) == NodeKind::expression) expect.value = expression(c);
    else expect.because = kind(c) == NodeKind::because ? name_in(c) : name(c);
  });
  return expect;
}

ast::Test Builder::test(Ref node) {
  ast::Test test;
  test.title = text_in(node);
  test.plan = name_in(node);
  if (const Ref with = child(node, NodeKind::test_with); with != none) test.with = wishes(with);
  each_child(node, [&](Ref c) {
    if (kind(c) == NodeKind::expect) test.expectations.push_back(expectation(c));
  });
  return test;
}

ast::Declaration Builder::declaration(Ref node) {
  ast::Declaration made;
  made.span = span(node);
  made.doc = doc_above(made.span.begin);
  made.remark = comments_above(made.span.begin, "#");
  const Ref inner = first(node);
  switch (kind(node)) {
    case NodeKind::use: made.what = use(node); break;
    case NodeKind::enumeration: {
      ast::Enum declared{name_in(node), {}};
      for (Ref c = after(inner, node); c != none; c = after(c, node)) declared.values.push_back(name(c));
      made.what = std::move(declared);
      break;
    }
    case NodeKind::kind: made.what = kind_declaration(node); break;
    case NodeKind::extend:
      if (kind(inner) == NodeKind::extend_action) made.what = ast::ExtendAction{name_in(inner), parameters(inner), clauses(inner)};
      else made.what = ast::ExtendKind{name_in(inner), members(inner)};
      break;
    case NodeKind::let: made.what = let(node); break;
    case NodeKind::param:
      made.what = ast::Param{name_in(node), type(child(node, NodeKind::type)), optional_expression(node, NodeKind::expression)};
      break;
    case NodeKind::each: made.what = each(node); break;
    case NodeKind::object: made.what = object(node); break;
    case NodeKind::action: made.what = ast::Action{name_in(node), parameters(node), clauses(node)}; break;
    case NodeKind::probe: made.what = probe(node); break;
    case NodeKind::prelude: made.what = prelude(node); break;
    case NodeKind::rule: made.what = rule(node); break;
    case NodeKind::fault: made.what = fault(node); break;
    case NodeKind::intent: made.what = ast::Intent{name_in(node), parameters(node), wishes(node)}; break;
    case NodeKind::maintenance: made.what = ast::Maintenance{name_in(node), wishes(node)}; break;
    case NodeKind::test: made.what = test(node); break;
    default: break;
  }
  return made;
}

ast::Declaration build_declaration(const std::vector<Node>& nodes, std::string_view text, std::uint32_t source,
                                   const std::vector<ast::Comment>& comments, Diagnostics& diagnostics) {
  return Builder(nodes, text, source, comments, diagnostics).declaration(0);
}

}  // namespace exm::parsing
