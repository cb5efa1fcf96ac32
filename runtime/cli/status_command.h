// `status`: what a journal says of its run, at any time. Entry point: show_status.
#pragma once

#include <string>

namespace exm {

/// `format` is text or json; `steps`: each step on a line, not only those that matter now. `audited`: the log is
/// held against its plan instead, and the exit code says whether it is what a run of it writes.
int show_status(const std::string& journal, const std::string& format, bool steps, bool audited);

}  // namespace exm
