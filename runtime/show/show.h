// A plan for people. One file per form; outline.h holds what they share, words.h how it is said.
// Entry points: show_text, explain_step (text.h), show_markdown, show_html, show_dot and show_mermaid (graph.h).
#pragma once

#include "runtime/show/graph.h"
#include "runtime/show/html.h"
#include "runtime/show/markdown.h"
#include "runtime/show/text.h"
