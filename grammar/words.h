// The words of .exm: spacing, names, numbers, symbols, keywords. What exm.h is built from.
#pragma once

#include <tao/pegtl.hpp>

namespace exm::grammar {

namespace pegtl = tao::pegtl;
using pegtl::at;
using pegtl::not_at;
using pegtl::not_one;
using pegtl::one;
using pegtl::opt;
using pegtl::plus;
using pegtl::ranges;
using pegtl::seq;
using pegtl::sor;
using pegtl::star;

/// A commit point: from here on nothing else can be meant. messages.h has one text for each. Unlike must<> it goes back to
/// where R should have begun before it raises, so that the place is that of the token which is wrong.
template <class R>
struct need : sor<R, pegtl::raise<R>> {};

// ------------------------------------------------------------------------------------------ spacing, words

struct comment : seq<one<'#'>, star<not_one<'\n'>>> {};
struct spacing : star<sor<plus<one<' ', '\t', '\r', '\n'>>, comment>> {};

struct letter : ranges<'a', 'z', 'A', 'Z', '_'> {};
struct letter_or_digit : ranges<'a', 'z', 'A', 'Z', '0', '9', '_'> {};
struct inner_hyphen : seq<one<'-'>, at<letter_or_digit>> {};
struct identifier : seq<letter, star<sor<letter_or_digit, inner_hyphen>>> {};
struct word_end : not_at<sor<letter_or_digit, inner_hyphen>> {};

/// True where only blanks lie between here and the line's beginning. Makes a comma at a line end optional.
struct after_newline {
  using rule_t = after_newline;
  using subs_t = pegtl::empty_list;
  template <pegtl::apply_mode, pegtl::rewind_mode, template <class...> class Action, template <class...> class Control, class Input,
            class... States>
  static bool match(Input& in, States&&... /*unused*/) {
    for (const char* at = in.current(); at != in.begin();) {
      --at;
      if (*at == '\n') return true;
      if (*at != ' ' && *at != '\t' && *at != '\r') return false;
    }
    return true;
  }
};

template <class S>
struct word : seq<S, word_end, spacing> {};
template <char... Cs>
struct symbol : seq<pegtl::string<Cs...>, spacing> {};

#define EXM_WORD(rule, text) \
  struct rule : word<TAO_PEGTL_STRING(text)> {}
EXM_WORD(word_achieve, "achieve");
EXM_WORD(word_action, "action");
EXM_WORD(word_allow, "allow");
EXM_WORD(word_always, "always");
EXM_WORD(word_as, "as");
EXM_WORD(word_at, "at");
EXM_WORD(word_because, "because");
EXM_WORD(word_before, "before");
EXM_WORD(word_by, "by");
EXM_WORD(word_check, "check");
EXM_WORD(word_confirm, "confirm");
EXM_WORD(word_cost, "cost");
EXM_WORD(word_disrupts, "disrupts");
EXM_WORD(word_do, "do");
EXM_WORD(word_during, "during");
EXM_WORD(word_each, "each");
EXM_WORD(word_effect, "effect");
EXM_WORD(word_else, "else");
EXM_WORD(word_enum, "enum");
EXM_WORD(word_every, "every");
EXM_WORD(word_exists, "exists");
EXM_WORD(word_expect, "expect");
EXM_WORD(word_extend, "extend");
EXM_WORD(word_failures, "failures");
EXM_WORD(word_failure, "failure");
EXM_WORD(word_fallback, "fallback");
EXM_WORD(word_fault, "fault");
EXM_WORD(word_for, "for");
EXM_WORD(word_forall, "forall");
EXM_WORD(word_forbid, "forbid");
EXM_WORD(word_from, "from");
EXM_WORD(word_has, "has");
EXM_WORD(word_headroom, "headroom");
EXM_WORD(word_if, "if");
EXM_WORD(word_in, "in");
EXM_WORD(word_intent, "intent");
EXM_WORD(word_irreversible, "irreversible");
EXM_WORD(word_keep, "keep");
EXM_WORD(word_key, "key");
EXM_WORD(word_kind, "kind");
EXM_WORD(word_lasting, "lasting");
EXM_WORD(word_lease, "lease");
EXM_WORD(word_leave, "leave");
EXM_WORD(word_let, "let");
EXM_WORD(word_list, "list");
EXM_WORD(word_maintenance, "maintenance");
EXM_WORD(word_minimize, "minimize");
EXM_WORD(word_most, "most");
EXM_WORD(word_no, "no");
EXM_WORD(word_notice, "notice");
EXM_WORD(word_of, "of");
EXM_WORD(word_on, "on");
EXM_WORD(word_once, "once");
EXM_WORD(word_param, "param");
EXM_WORD(word_plan, "plan");
EXM_WORD(word_planned, "planned");
EXM_WORD(word_prelude, "prelude");
EXM_WORD(word_privilege, "privilege");
EXM_WORD(word_probe, "probe");
EXM_WORD(word_reached, "reached");
EXM_WORD(word_repair, "repair");
EXM_WORD(word_requires, "requires");
EXM_WORD(word_retreat, "retreat");
EXM_WORD(word_retry, "retry");
EXM_WORD(word_rule, "rule");
EXM_WORD(word_run, "run");
EXM_WORD(word_secret, "secret");
EXM_WORD(word_set, "set");
EXM_WORD(word_severity, "severity");
EXM_WORD(word_source, "source");
EXM_WORD(word_state, "state");
EXM_WORD(word_step, "step");
EXM_WORD(word_steps, "steps");
EXM_WORD(word_takes, "takes");
EXM_WORD(word_test, "test");
EXM_WORD(word_then, "then");
EXM_WORD(word_timeout, "timeout");
EXM_WORD(word_to, "to");
EXM_WORD(word_tolerate, "tolerate");
EXM_WORD(word_use, "use");
EXM_WORD(word_uses, "uses");
EXM_WORD(word_warning, "warning");
EXM_WORD(word_when, "when");
EXM_WORD(word_where, "where");
EXM_WORD(word_window, "window");
EXM_WORD(word_with, "with");
EXM_WORD(word_withstand, "withstand");
#undef EXM_WORD

struct name : seq<identifier, spacing> {};
struct another_word : at<letter> {};  // the word before it is a keyword only if a word follows

struct colon : seq<one<':'>, not_at<one<'='>>, spacing> {};
struct comma : symbol<','> {};
struct equals : seq<one<'='>, not_at<one<'='>>, spacing> {};
struct becomes : symbol<':', '='> {};
struct arrow : symbol<'-', '>'> {};
struct question : symbol<'?'> {};
struct open_brace : symbol<'{'> {};
struct open_paren : symbol<'('> {};

/// What stands between two items of a list: a comma, or a line end.
struct closer : one<']', '}', ')'> {};
struct separator : seq<sor<comma, after_newline>, not_at<closer>> {};
template <class Item>
struct items : opt<Item, star<separator, need<Item>>, opt<comma>> {};

}  // namespace exm::grammar
