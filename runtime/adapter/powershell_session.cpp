// A session of PowerShell: the script that it begins with, and what is made of what it says.
#include <csignal>

#include "runtime/adapter/powershell.h"
#include "runtime/plan/quote.h"

namespace exm {
namespace {

constexpr Milliseconds to_open = 120'000;          // Exchange's own modules take their time
constexpr std::size_t line_size = 1024 * 1024;     // the session keeps its lines far below that

// It keeps to PowerShell 2.0. What a command writes to the screen goes to the standard output too: only lines with the mark count.
constexpr std::string_view session = R"PS(
$ErrorActionPreference = 'Stop'
$utf8 = New-Object System.Text.UTF8Encoding $false
$from = New-Object System.IO.StreamReader ([Console]::OpenStandardInput()), $utf8
$to = New-Object System.IO.StreamWriter ([Console]::OpenStandardOutput()), $utf8
$mark = $from.ReadLine()
function Say([string]$Word, [string]$Text) {
    if ($Text.Length -gt 40000) { $Text = $Text.Substring(0, 20000) + "`n[" + ($Text.Length - 40000) + " characters are left out here]`n" + $Text.Substring($Text.Length - 20000) }
    $to.WriteLine("`n" + $mark + ' ' + $Word + ' ' + [Convert]::ToBase64String($utf8.GetBytes($Text)))
    $to.Flush()
}
function Read-Text {
    $line = $from.ReadLine()
    if ($null -eq $line) { exit 0 }
    return $utf8.GetString([Convert]::FromBase64String($line))
}
$remote = $null
function Invoke-Text([string]$Text) {
    $block = [scriptblock]::Create("`$ErrorActionPreference = 'Stop'`n" + $Text)
    if ($null -ne $remote) { $lines = @(Invoke-Command -Session $remote -ScriptBlock $block) } else { $lines = @(. $here $block) }
    return [string]::Join("`n", [string[]]@($lines | ForEach-Object { "$_" }))
}
$here = { param($Block) & $Block }
try {
    $address = Read-Text
    if ($address -ne '') {
        $with = @{ ComputerName = $address; ErrorAction = 'Stop' }
        if ($authentication -ne '') { $with['Authentication'] = $authentication }
        $remote = New-PSSession @with
    }
    $prelude = Read-Text
    if ($prelude -ne '') {
        $block = [scriptblock]::Create("`$ErrorActionPreference = 'Stop'`n" + $prelude)
        if ($null -ne $remote) { Invoke-Command -Session $remote -ScriptBlock $block | Out-Null } else { . $block | Out-Null }
    }
} catch { Say 'refused' "$_"; exit 1 }
Say 'ready' ''
while ($true) {
    $text = Read-Text
    $said = $null
    try { $said = Invoke-Text $text } catch { Say 'failed' "$_"; if (($null -ne $remote) -and ($remote.State.ToString() -ne 'Opened')) { exit 1 }; continue }
    Say 'ok' $said
}
)PS";

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// UTF-16, little end first, as -EncodedCommand wants it: the session's script is ASCII.
std::string utf16(const std::string& text) {
  std::string wide;
  for (const char c : text) wide += c, wide += '\0';
  return wide;
}

}  // namespace

std::string to_base64(std::string_view bytes) {
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) three = three << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (std::size_t k = 0; k < 4; ++k) text += i + k <= bytes.size() ? alphabet[three >> (18 - 6 * k) & 63u] : '=';
  }
  return text;
}

std::string from_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const auto digit = alphabet.find(c);
    if (digit == std::string_view::npos) break;
    bits = bits << 6 | static_cast<std::uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count & 255u);
  }
  return bytes;
}

std::vector<std::string> session_arguments(const std::string& authentication) {
  const std::string script = "$authentication = " + plan::quote("powershell", plan::text(authentication)) + std::string(session);
  return {"-NoLogo", "-NoProfile", "-NonInteractive", "-OutputFormat", "Text", "-EncodedCommand", to_base64(utf16(script))};
}

void PowerShell::open(const std::string& address, const std::string& host) {
  Lane& lane = lanes_[address];
  auto prelude = scripts_.prelude(host);
  if (!prelude) return refuse(address, prelude.error().message);
  lane.state = Lane::State::opening;
  lane.mark = random_mark();
  lane.line.clear();
  lane.errors = Capture();
  std::vector<std::string> command{options_.program};
  for (auto& word : session_arguments(options_.authentication)) command.push_back(std::move(word));
  auto process = Process::start(loop_, command, true,
                                {[this, address](std::string_view bytes) { hear(address, bytes); },
                                 [&lane](std::string_view bytes) { lane.errors.add(bytes); },
                                 [this, address](const ProcessEnd& end) { ended(address, end); }});
  if (!process) return refuse(address, process.error().message);
  lane.process = std::move(*process);
  lane.process->write(lane.mark + "\n" + to_base64(address) + "\n" + to_base64(*prelude) + "\n");
  lane.patience = loop_.after(to_open, [this, address] {
    lanes_[address].patience = 0;
    lanes_[address].process->signal_group(SIGKILL);
  });
}

/// Nothing was run: no session could be opened.
void PowerShell::refuse(const std::string& address, const std::string& why) {
  Lane& lane = lanes_[address];
  lane.state = Lane::State::closed;
  loop_.forget(lane.patience);
  for (const JobId id : std::exchange(lane.waiting, {}))
    answer(id, Reply::Status::failed, "there is no session on " + (address.empty() ? std::string("the controller") : address) + ", and nothing was run: " + why);
}

void PowerShell::hear(const std::string& address, std::string_view bytes) {
  Lane& lane = lanes_[address];
  while (!bytes.empty() && lane.process) {
    const auto cut = bytes.find('\n');
    if (lane.line.size() < line_size) lane.line += bytes.substr(0, cut);
    if (cut == std::string_view::npos) return;
    bytes.remove_prefix(cut + 1);
    const std::string line = std::exchange(lane.line, {});
    if (line.rfind(lane.mark + " ", 0) == 0) hear_line(address, std::string_view(line).substr(lane.mark.size() + 1));
  }
}

void PowerShell::hear_line(const std::string& address, std::string_view line) {
  Lane& lane = lanes_[address];
  const auto space = line.find(' ');
  const std::string_view word = line.substr(0, space);
  const std::string text = space == std::string_view::npos ? "" : from_base64(line.substr(space + 1));
  if (lane.state == Lane::State::opening) {
    if (word == "refused") return refuse(address, text);
    if (word != "ready") return;
    lane.state = Lane::State::open;
    loop_.forget(lane.patience);
    return pump(address);
  }
  const JobId id = lane.running;
  if (id == 0 || !jobs_.at(id).ending.empty()) return;
  if (word == "ok") answer(id, Reply::Status::ok, text);
  if (word == "failed") answer(id, Reply::Status::failed, "it failed: " + text);
  pump(address);
}

/// The session is gone. On the controller that is the end of what ran in it; of another host nobody knows.
void PowerShell::ended(const std::string& address, const ProcessEnd& end) {
  Lane& lane = lanes_[address];
  lane.process->signal_group(SIGKILL);
  lane.process.reset();
  std::string how = "its PowerShell ended with exit code " + std::to_string(end.code);
  if (end.signal != 0) how = "its PowerShell was ended by signal " + std::to_string(end.signal);
  if (const std::string said = lane.errors.text(); !said.empty()) how += ": " + said;
  const bool opening = lane.state == Lane::State::opening;
  lane.state = Lane::State::closed;
  loop_.forget(lane.patience);
  if (opening) return refuse(address, how);
  if (const JobId id = lane.running; id != 0) {
    const std::string why = jobs_.at(id).ending.empty() ? how : jobs_.at(id).ending;
    if (address.empty() || jobs_.at(id).kind == Reply::Kind::observed) answer(id, Reply::Status::failed, why);
    else answer(id, Reply::Status::lost, why + "; nobody knows whether " + address + " goes on with it");
  }
  pump(address);
}

}  // namespace exm
