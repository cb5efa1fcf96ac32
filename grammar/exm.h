// The grammar of .exm: every rule of the language, and nothing else. `declaration` is its entry point; what is said
// when a needed rule is not met stands in messages.h. Instantiated in compiler/parse/parse.cpp only (it takes seconds).
//
// A token takes the spacing after it, so a rule begins where its text begins. Operators come out as a flat sequence of
// operands and operators: binding strength is a table of the builder, which keeps the stack low.
#pragma once

#include "grammar/words.h"

namespace exm::grammar {

// --------------------------------------------------------------------------------------------------- texts

struct expression;

struct dollar : seq<one<'$'>, not_at<sor<one<'{'>, pegtl::string<'$', '{'>>>> {};
struct escaped_dollar : pegtl::string<'$', '$', '{'> {};
struct secret_name;
struct format : star<not_one<'}', '{', '"', '#', '\n', '\r'>> {};
struct interpolation_end : one<'}'> {};
struct interpolation
    : seq<pegtl::string<'$', '{'>, spacing, sor<secret_name, need<expression>>, opt<one<':'>, format>, need<interpolation_end>> {};

struct escape : seq<one<'\\'>, sor<seq<pegtl::string<'u', '{'>, star<pegtl::xdigit>, one<'}'>>, not_one<'\n', '\r'>>> {};
struct chunk : plus<sor<not_one<'"', '\\', '$', '\n', '\r'>, dollar>> {};
struct quote_end : one<'"'> {};
struct text : seq<one<'"'>, star<sor<chunk, interpolation, escape, escaped_dollar>>, need<quote_end>> {};

struct three_quotes : pegtl::string<'"', '"', '"'> {};
struct block_chunk : plus<sor<not_one<'"', '$'>, dollar, seq<not_at<three_quotes>, one<'"'>>>> {};
struct block_end : three_quotes {};
struct block : seq<three_quotes, star<sor<block_chunk, interpolation, escaped_dollar>>, need<block_end>> {};

struct any_text : seq<sor<block, text>, spacing> {};
struct secret_name : seq<word_secret, at<one<'"'>>, any_text> {};

// --------------------------------------------------------------------------------------------- expressions

struct unit : one<'s', 'm', 'h', 'd'> {};
struct integer : seq<plus<pegtl::digit>, not_at<letter>> {};
struct duration : seq<plus<seq<plus<pegtl::digit>, unit>>, not_at<letter_or_digit>> {};

struct reserved : sor<word_if, word_then, word_else, word_in, word_for, word_forall, word_where, word<TAO_PEGTL_STRING("and")>,
                      word<TAO_PEGTL_STRING("or")>, word<TAO_PEGTL_STRING("not")>, word<TAO_PEGTL_STRING("implies")>> {};

struct arguments_end : one<')'> {};
struct arguments : seq<open_paren, items<expression>, need<arguments_end>> {};
struct reference : seq<not_at<at<one<'a', 'e', 'f', 'i', 'n', 'o', 't', 'w'>>, reserved>, identifier, opt<arguments>, spacing> {};

struct brackets_end : symbol<')'> {};
struct brackets : seq<open_paren, need<expression>, need<brackets_end>> {};
struct list_end : symbol<']'> {};
struct list : seq<symbol<'['>, items<expression>, need<list_end>> {};

struct collection;
struct variable : name {};
struct where : seq<word_where, need<expression>> {};
struct binding : seq<need<variable>, need<word_in>, need<collection>, opt<where>> {};
struct set_end : symbol<'}'> {};
struct filter : seq<open_brace, identifier, spacing, word_in, need<collection>, opt<where>, need<set_end>> {};
struct for_part : seq<word_for, binding> {};
struct set : seq<open_brace, opt<expression, sor<for_part, seq<star<separator, need<expression>>, opt<comma>>>>, need<set_end>> {};

struct if_expression : seq<word_if, need<expression>, need<word_then>, need<expression>, need<word_else>, need<expression>> {};
struct forall : seq<word_forall, binding, need<colon>, need<expression>> {};
struct exists : seq<word_exists, at<identifier, spacing, word_in>, binding, need<colon>, need<expression>> {};
struct count : seq<TAO_PEGTL_STRING("count("), spacing, binding, need<brackets_end>> {};
struct sum : seq<TAO_PEGTL_STRING("sum("), spacing, need<expression>, need<word_for>, binding, need<brackets_end>> {};

struct worded : sor<if_expression, forall, exists, count, sum, reference> {};
struct number : seq<sor<integer, duration>, spacing> {};
struct primary : sor<worded, any_text, number, brackets, filter, set, list> {};
struct member_name : sor<seq<text, spacing>, name> {};
struct member : seq<one<'.'>, not_at<one<'.', '*'>>, need<member_name>> {};
struct operand : seq<primary, star<member>> {};

struct minus : seq<one<'-'>, not_at<one<'>'>>> {};
struct prefix_not : seq<TAO_PEGTL_STRING("not"), word_end> {};
struct prefix : seq<sor<prefix_not, minus>, spacing> {};
struct divide : seq<one<'/'>, not_at<one<'/'>>> {};
struct arithmetic_operator : sor<pegtl::string<'.', '.'>, one<'+', '*'>, minus, divide> {};
struct comparing : sor<pegtl::string<'=', '='>, pegtl::string<'!', '='>, seq<one<'<', '>'>, opt<one<'='>>>> {};
struct not_in : seq<TAO_PEGTL_STRING("not"), plus<one<' ', '\t', '\r', '\n'>>, TAO_PEGTL_STRING("in")> {};
struct worded_operator
    : seq<at<one<'a', 'o', 'i', 'n'>>,
          sor<TAO_PEGTL_STRING("and"), TAO_PEGTL_STRING("or"), TAO_PEGTL_STRING("implies"), TAO_PEGTL_STRING("in"), not_in>, word_end> {};
struct binary_operator : sor<worded_operator, comparing, arithmetic_operator> {};
struct collection_operator : seq<arithmetic_operator> {};

struct term : seq<star<prefix>, operand> {};
struct expression : seq<term, star<binary_operator, spacing, need<term>>> {};
struct collection : seq<term, star<collection_operator, spacing, need<term>>> {};
/// The right side of `=` and `:=`: a comparison in it stands in brackets (the builder says so).
struct value : expression {};

// -------------------------------------------------------------------------------------------------- types

struct type;
struct names_end : symbol<'}'> {};
struct name_list : seq<open_brace, items<name>, need<names_end>> {};
struct enum_type : seq<word_enum, at<one<'{'>>, name_list> {};
struct set_type : seq<word_set, word_of, need<type>> {};
struct list_type : seq<word_list, word_of, need<type>> {};
struct optional_mark : question {};
struct type : seq<sor<enum_type, set_type, list_type, name>, opt<optional_mark>> {};

struct parameters_end : symbol<')'> {};
struct parameter : seq<name, need<colon>, need<type>> {};
struct parameters : seq<open_paren, items<parameter>, need<parameters_end>> {};

// ------------------------------------------------------------------------------------------------- objects

struct entry;
struct entries_end : symbol<'}'> {};
struct body : seq<open_brace, star<entry>, need<entries_end>> {};
struct assign : seq<name, equals, need<value>> {};
struct object_name : sor<seq<text, spacing>, seq<not_at<word_when>, name>> {};
struct named_object : seq<not_at<after_newline>, object_name, opt<body>> {};
struct object_rest : sor<named_object, body> {};
struct planned_mark : seq<word_planned, another_word> {};
struct object : seq<opt<planned_mark>, name, need<object_rest>> {};
struct each : seq<word_each, another_word, variable, need<word_in>, need<collection>, opt<where>, need<body>> {};
struct entry : sor<assign, each, object> {};

// --------------------------------------------------------------------------------------------------- kinds

struct field_colon : colon {};
struct field : seq<name, need<field_colon>, need<type>, opt<equals, need<value>>> {};
struct lasting_mark : seq<word_lasting, another_word> {};
struct state_name : name {};
struct state_field : seq<opt<lasting_mark>, word_state, another_word, state_name, need<colon>, need<type>, opt<equals, need<value>>> {};
struct reached_by : seq<word_reached, word_by, need<name>> {};
struct key : seq<word_key, another_word, name, need<colon>, need<type>> {};
struct let_type : seq<colon, need<type>> {};
struct let : seq<word_let, another_word, name, opt<parameters>, opt<let_type>, need<equals>, need<value>> {};
struct when_part : seq<word_when, need<expression>> {};
struct has_object : seq<name, opt<not_at<after_newline>, object_name>, opt<body>> {};
struct has : seq<word_has, another_word, has_object, opt<when_part>> {};
struct disrupts_when : seq<word_disrupts, word_when, need<expression>> {};
struct member_declaration : sor<state_field, let, has, key, reached_by, disrupts_when, field> {};
struct members_end : symbol<'}'> {};
struct members : seq<open_brace, star<member_declaration>, need<members_end>> {};

// ------------------------------------------------------------------------------------------------- actions

struct effect_body;
struct target : operand {};
struct assignment : seq<target, need<becomes>, need<value>> {};
struct effect_forall : seq<word_forall, binding, need<colon>, need<effect_body>> {};
struct assignments : seq<assignment, star<comma, need<assignment>>> {};
struct effect_body : sor<effect_forall, assignments> {};

struct language : name {};
struct from_part : seq<word_from, need<operand>> {};
struct else_part : seq<word_else, need<any_text>> {};
struct every_part : seq<word_every, need<expression>> {};
struct disrupts_for : seq<word_for, need<expression>> {};
struct run_command : seq<need<language>, opt<from_part>, need<any_text>> {};

struct clause_title : any_text {};
struct clause_source : seq<word_source, need<any_text>> {};
struct clause_requires : seq<word_requires, need<expression>, opt<else_part>> {};
struct clause_during : seq<word_during, need<effect_body>> {};
struct clause_effect : seq<word_effect, need<effect_body>> {};
struct clause_takes : seq<word_takes, need<expression>> {};
struct clause_timeout : seq<word_timeout, need<expression>> {};
struct clause_retry : seq<word_retry, need<expression>, opt<every_part>> {};
struct clause_fallback : seq<word_fallback, need<operand>> {};
struct clause_on : seq<word_on, need<operand>> {};
struct clause_uses : seq<word_uses, need<operand>> {};
struct clause_disrupts : seq<word_disrupts, need<operand>, need<disrupts_for>> {};
struct clause_cost : seq<word_cost, need<expression>> {};
struct clause_confirm : seq<word_confirm, need<any_text>> {};
struct clause_privilege : seq<word_privilege, need<any_text>> {};
struct clause_irreversible : word_irreversible {};
struct clause_notice : seq<word_notice, need<any_text>> {};
struct clause_lease : seq<word_lease, need<expression>> {};
struct clause_run : seq<word_run, run_command> {};
struct clause : seq<sor<clause_title, clause_requires, clause_effect, clause_during, clause_takes, clause_timeout, clause_on, clause_uses,
                        clause_run, clause_notice, clause_source, clause_retry, clause_fallback, clause_disrupts, clause_cost,
                        clause_confirm, clause_privilege, clause_irreversible, clause_lease>,
                    opt<when_part>> {};
struct clauses_end : symbol<'}'> {};
struct clauses : seq<open_brace, star<clause>, need<clauses_end>> {};

// ------------------------------------------------------------------------------------------------- wishes

struct whole_number : seq<integer, spacing> {};
struct wish_title : any_text {};
struct wish_source : seq<word_source, need<any_text>> {};
struct wish_do : seq<word_do, need<operand>> {};
struct wish_achieve : seq<word_achieve, need<expression>, opt<else_part>> {};
struct wish_keep : seq<word_keep, need<expression>, opt<else_part>> {};
struct all_states : symbol<'.', '*'> {};
struct wish_leave : seq<word_leave, need<operand>, opt<all_states>> {};
struct wish_repair : seq<word_repair, need<name>> {};
struct failures : sor<word_failures, word_failure> {};
struct wish_tolerate : seq<word_tolerate, need<whole_number>, need<failures>> {};
struct wish_withstand : seq<word_withstand, need<whole_number>, need<name>> {};
struct wish_allow : seq<word_allow, need<word_no>, need<word_retreat>, need<word_from>, need<name>> {};
struct wish_minimize : seq<word_minimize, need<name>, star<comma, need<name>>> {};
struct steps : sor<word_steps, word_step> {};
struct wish_at_most : seq<word_at, need<word_most>, need<whole_number>, need<steps>, need<word_at>, need<word_once>> {};
struct wish_forbid : seq<word_forbid, need<name>> {};
struct before_part : seq<word_before, need<name>> {};
struct wish_confirm : seq<word_confirm, need<any_text>, opt<before_part>> {};
struct day : name {};
struct time_of_day : seq<plus<pegtl::digit>, one<':'>, plus<pegtl::digit>> {};
struct moment : seq<need<day>, need<time_of_day>, spacing> {};
struct zone : any_text {};
struct wish_window : seq<word_window, moment, need<word_to>, moment, opt<word_in, need<zone>>> {};
struct wish : seq<sor<wish_title, wish_do, wish_achieve, wish_keep, wish_leave, wish_repair, wish_tolerate, wish_withstand, wish_allow,
                      wish_minimize, wish_at_most, wish_forbid, wish_confirm, wish_window, wish_source>,
                  opt<when_part>> {};
struct wishes_end : symbol<'}'> {};
struct wishes : seq<open_brace, star<wish>, need<wishes_end>> {};

// -------------------------------------------------------------------------------------------- declarations

struct module_path : seq<identifier, star<one<'.'>, need<identifier>>> {};
struct use_path : seq<sor<text, module_path>, spacing> {};
struct use : seq<word_use, need<use_path>> {};

struct enum_names : name_list {};
struct enumeration : seq<word_enum, need<name>, need<enum_names>> {};

struct owner : seq<word_in, need<name>> {};
struct at_most_one : question {};
struct owned_as : seq<word_as, need<name>, opt<at_most_one>> {};
struct kind : seq<word_kind, need<name>, opt<owner>, opt<owned_as>, need<members>> {};

struct extend_action : seq<word_action, another_word, name, need<parameters>, need<clauses>> {};
struct extend_kind : seq<name, need<members>> {};
struct extension : sor<extend_action, extend_kind> {};
struct extend : seq<word_extend, need<extension>> {};

struct param : seq<word_param, need<name>, need<colon>, need<type>, opt<equals, need<value>>> {};
struct action : seq<word_action, need<name>, need<parameters>, need<clauses>> {};

struct state_path : seq<identifier, one<'.'>, identifier, spacing> {};
struct on_part : seq<word_on, need<operand>> {};
struct as_entry : seq<any_text, need<arrow>, need<expression>> {};
struct as_end : symbol<'}'> {};
struct as_part : seq<word_as, need<open_brace>, items<as_entry>, need<as_end>> {};
struct probe : seq<word_probe, need<state_path>, opt<on_part>, need<language>, opt<from_part>, opt<every_part>, need<any_text>,
                   opt<every_part>, opt<as_part>> {};

struct prelude_on : seq<word_on, need<name>> {};
struct prelude : seq<word_prelude, need<language>, opt<prelude_on>, need<any_text>> {};

struct of_steps : seq<word_of, need<word_steps>> {};
struct rule_title : any_text {};
struct rule_source : seq<word_source, need<any_text>> {};
struct severity_warning : seq<word_severity, need<word_warning>> {};
struct rule_always : seq<word_always, need<expression>, opt<else_part>> {};
struct rule_check : seq<word_check, need<expression>, opt<else_part>> {};
struct rule_notice : seq<word_notice, need<word_when>, need<expression>, need<any_text>> {};
struct rule_item : sor<rule_title, rule_source, rule_always, rule_check, rule_notice, severity_warning> {};
struct rule_end : symbol<'}'> {};
struct rule : seq<word_rule, need<name>, opt<of_steps>, need<open_brace>, star<rule_item>, need<rule_end>> {};

struct fault_title : any_text {};
struct fault_effect : seq<word_effect, need<effect_body>> {};
struct fault_end : symbol<'}'> {};
struct fault : seq<word_fault, need<name>, need<parameters>, need<open_brace>, star<sor<fault_title, fault_effect>>, need<fault_end>> {};

struct intent : seq<word_intent, need<name>, need<parameters>, need<wishes>> {};
struct maintenance : seq<word_maintenance, need<name>, need<wishes>> {};

struct expect_always : seq<word_always, need<expression>> {};
struct because : seq<word_because, need<name>> {};
struct expect_no_plan : seq<word_no, word_plan, opt<because>> {};
struct expect_no_step : seq<word_no, need<operand>> {};
struct expect_retreat : seq<word_retreat, word_from, need<operand>> {};
struct at_least : symbol<'>', '='> {};
struct expect_headroom : seq<word_headroom, another_word, name, need<at_least>, need<expression>> {};
struct expect_before : seq<word_before, need<operand>> {};
struct expect_step : seq<operand, opt<expect_before>> {};
struct expectation : sor<expect_always, expect_no_plan, expect_no_step, expect_retreat, expect_headroom, expect_step> {};
struct expect : seq<word_expect, need<expectation>> {};
struct test_plan : seq<word_plan, name> {};
struct test_with : seq<word_with, need<wishes>> {};
struct test_end : symbol<'}'> {};
struct test : seq<word_test, need<any_text>, need<open_brace>, need<test_plan>, opt<test_with>, star<expect>, need<test_end>> {};

struct declaration : sor<use, enumeration, kind, extend, let, param, each, action, probe, prelude, rule, fault, intent,
                         maintenance, test, object> {};

}  // namespace exm::grammar
