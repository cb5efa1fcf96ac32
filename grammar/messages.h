// What is said where a needed rule of exm.h is not met: "expected …". A need<R> without a line here does not compile.
#pragma once

#include "grammar/exm.h"

namespace exm::grammar {

template <class R>
inline constexpr const char* message = nullptr;

#define EXM_MESSAGE(rule, text) \
  template <>                   \
  inline constexpr const char* message<rule> = text
EXM_MESSAGE(any_text, "a text in double quotes");
EXM_MESSAGE(arguments_end, "`,` and another argument, or `)`");
EXM_MESSAGE(arrow, "`->` and the value that the text stands for");
EXM_MESSAGE(as_end, "another text with its `->`, or `}`");
EXM_MESSAGE(as_entry, "a text with its `->`");
EXM_MESSAGE(assignment, "another `state := value`");
EXM_MESSAGE(at_least, "`>=` and a number");
EXM_MESSAGE(becomes, "`:=` and a value");
EXM_MESSAGE(block_end, "a closing `\"\"\"`");
EXM_MESSAGE(body, "`{` and objects");
EXM_MESSAGE(brackets_end, "an operator, or `)`");
EXM_MESSAGE(clauses, "`{` and the clauses of the action");
EXM_MESSAGE(clauses_end, "a clause of the action, or `}`");
EXM_MESSAGE(collection, "a kind or a collection");
EXM_MESSAGE(colon, "`:`");
EXM_MESSAGE(day, "a weekday: mon, tue, wed, thu, fri, sat or sun");
EXM_MESSAGE(declaration, "a declaration");
EXM_MESSAGE(disrupts_for, "`for` and a duration");
EXM_MESSAGE(effect_body, "`state := value`, or `forall`");
EXM_MESSAGE(entries_end, "a field with its value, an owned object, or `}`");
EXM_MESSAGE(enum_names, "`{` and the names of the enum");
EXM_MESSAGE(equals, "`=` and a value");
EXM_MESSAGE(expectation, "a step, `always`, `no plan`, `retreat from` or `headroom`");
EXM_MESSAGE(expression, "an expression");
EXM_MESSAGE(extension, "`action` and its parameters, or a kind and `{`");
EXM_MESSAGE(failures, "`failure`");
EXM_MESSAGE(fault_end, "a title, an `effect`, or `}`");
EXM_MESSAGE(field_colon, "`:` and the type of the field");
EXM_MESSAGE(identifier, "a name");
EXM_MESSAGE(interpolation_end, "an operator, a format, or the `}` that ends `${`");
EXM_MESSAGE(language, "the language of the command, for instance `powershell`");
EXM_MESSAGE(list_end, "`,` and another item, or `]`");
EXM_MESSAGE(member_name, "a name after the dot, in quotes where it holds blanks");
EXM_MESSAGE(members, "`{` and the fields and states of the kind");
EXM_MESSAGE(members_end, "a field, `state`, `let`, `has`, `key`, `reached by`, `disrupts when`, or `}`");
EXM_MESSAGE(name, "a name");
EXM_MESSAGE(names_end, "`,` and another name, or `}`");
EXM_MESSAGE(object_rest, "a name and `{` for an object, or `=` and a value for a field");
EXM_MESSAGE(open_brace, "`{`");
EXM_MESSAGE(operand, "a name");
EXM_MESSAGE(parameter, "a parameter: `name: type`");
EXM_MESSAGE(parameters, "`(` and parameters, or `()`");
EXM_MESSAGE(parameters_end, "`,` and another parameter, or `)`");
EXM_MESSAGE(quote_end, "a closing `\"`");
EXM_MESSAGE(rule_end, "`always`, `check`, `notice when`, `source`, `severity warning`, or `}`");
EXM_MESSAGE(set_end, "`,` and another item, or `}`");
EXM_MESSAGE(state_path, "a kind and a state: `server.up`");
EXM_MESSAGE(steps, "`steps`");
EXM_MESSAGE(term, "a value after the operator");
EXM_MESSAGE(test_end, "`expect`, or `}`");
EXM_MESSAGE(test_plan, "`plan` and the name of a maintenance");
EXM_MESSAGE(time_of_day, "a time of day: 22:00");
EXM_MESSAGE(type, "a type");
EXM_MESSAGE(use_path, "a module, or a file in double quotes");
EXM_MESSAGE(value, "a value");
EXM_MESSAGE(variable, "a name for each of the collection");
EXM_MESSAGE(whole_number, "a whole number");
EXM_MESSAGE(wishes, "`{` and wishes");
EXM_MESSAGE(wishes_end, "a wish such as `achieve`, `do` or `keep`, or `}`");
EXM_MESSAGE(word_at, "`at once`");
EXM_MESSAGE(word_else, "`else` and the other value");
EXM_MESSAGE(word_for, "an operator, or `for`");
EXM_MESSAGE(word_from, "`from`");
EXM_MESSAGE(word_in, "`in` and a collection");
EXM_MESSAGE(word_most, "`most`");
EXM_MESSAGE(word_no, "`no retreat from`");
EXM_MESSAGE(word_once, "`once`");
EXM_MESSAGE(word_retreat, "`retreat from`");
EXM_MESSAGE(word_steps, "`steps`");
EXM_MESSAGE(word_then, "an operator, or `then`");
EXM_MESSAGE(word_to, "`to` and when the window ends");
EXM_MESSAGE(word_warning, "`warning`");
EXM_MESSAGE(word_when, "`when` and a condition");
EXM_MESSAGE(zone, "a time zone in double quotes, for instance \"Europe/Zurich\"");
#undef EXM_MESSAGE

}  // namespace exm::grammar
