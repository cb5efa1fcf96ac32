#include "runtime/run/lease_script.h"

#include <algorithm>

namespace exm {
namespace {

plan::Piece text(std::string words) { return {plan::Piece::Kind::text, std::move(words), {}, 0}; }

void replace(std::string& words, std::string_view what, const std::string& by) {
  for (std::size_t at = 0; (at = words.find(what, at)) != std::string::npos; at += by.size()) words.replace(at, what.size(), by);
}

std::string filled(std::string_view form, const std::string& name, plan::Seconds lasts) {
  // A short one is looked at each second: its end is not to be a surprise.
  const plan::Seconds step = lasts < 60 ? 1 : 5;
  std::string words(form);
  replace(words, "NAME", name);
  replace(words, "LASTS", std::to_string(lasts));
  replace(words, "STEP", std::to_string(step));
  return words;
}

// NAME.until is there while the timer is to run; whoever moves it away decides. NAME.turn changes with each extension, so
// that no clock is needed. NAME.owner says which of its processes it is, should there be more than one.
constexpr std::string_view shell_head = R"sh(umask 077
exm_d=${HOME:-/root}/.exm/leases
mkdir -p "$exm_d"
cat > "$exm_d/NAME.undo" <<'NAME-end'
)sh";

constexpr std::string_view shell_tail = R"sh(
NAME-end
cat > "$exm_d/NAME.watch" <<'NAME-end'
cd "${0%/*}" || exit 1
turn= left=LASTS
while [ -e NAME.until ] && [ "$(cat NAME.owner)" = "$1" ]; do
  if [ "$(cat NAME.turn)" != "$turn" ]; then turn=$(cat NAME.turn) left=LASTS; fi
  if [ "$left" -le 0 ]; then
    if mv NAME.until NAME.fired; then sh -e NAME.undo >NAME.log 2>&1; fi
    rm -f NAME.undo NAME.turn NAME.owner NAME.watch
    exit
  fi
  sleep STEP
  left=$((left - STEP))
done
NAME-end
exm_o=$(date +%s)-$$
rm -f "$exm_d/NAME.fired" "$exm_d/NAME.log"
echo "$exm_o" > "$exm_d/NAME.turn"
echo "$exm_o" > "$exm_d/NAME.owner"
: > "$exm_d/NAME.until"
exm_u=--user
if [ "$(id -u)" = 0 ]; then exm_u=--system; fi
if [ -d /run/systemd/system ] && systemd-run "$exm_u" --quiet --collect "--unit=NAME-$exm_o" sh "$exm_d/NAME.watch" "$exm_o" </dev/null >/dev/null 2>&1; then
  :
elif command -v setsid >/dev/null; then
  setsid sh "$exm_d/NAME.watch" "$exm_o" </dev/null >/dev/null 2>&1 &
else
  nohup sh "$exm_d/NAME.watch" "$exm_o" </dev/null >/dev/null 2>&1 &
fi
)sh";

constexpr std::string_view shell_extend = R"sh(exm_d=${HOME:-/root}/.exm/leases
if [ -d "$exm_d" ]; then
  echo "$(date +%s)-$$" > "$exm_d/NAME.next"
  mv "$exm_d/NAME.next" "$exm_d/NAME.turn"
fi
if ! [ -e "$exm_d/NAME.until" ]; then echo "the timer has run out"; exit 1; fi
)sh";

constexpr std::string_view shell_end = R"sh(exm_d=${HOME:-/root}/.exm/leases
rm -f "$exm_d/NAME.until"
if [ -e "$exm_d/NAME.fired" ]; then echo "the timer has run out"; exit 1; fi
rm -f "$exm_d/NAME.undo" "$exm_d/NAME.watch" "$exm_d/NAME.turn" "$exm_d/NAME.owner"
)sh";

// A task that looks each minute; its age is the file's. The command is a script block, whose text is written as it stands.
// No cmdlet but the core's: sessions for remote management may have no others.
constexpr std::string_view powershell_head = R"ps($exmDirectory = [IO.Path]::Combine($env:ProgramData, 'exm\leases')
[void][IO.Directory]::CreateDirectory($exmDirectory)
$exmUndo = {
)ps";

constexpr std::string_view powershell_tail = R"ps(
}
$exmWatch = {
$directory = [IO.Path]::Combine($env:ProgramData, 'exm\leases')
$until = [IO.Path]::Combine($directory, 'NAME.until')
if ([IO.File]::Exists($until)) {
  if (([DateTime]::UtcNow - [IO.File]::GetLastWriteTimeUtc($until)).TotalSeconds -lt LASTS) { return }
  [IO.File]::Move($until, [IO.Path]::Combine($directory, 'NAME.fired'))
  & ([IO.Path]::Combine($directory, 'NAME.undo.ps1'))
}
schtasks.exe /Delete /F /TN 'NAME' | Out-Null
}
$exmTask = [IO.Path]::Combine($exmDirectory, 'NAME.watch.ps1')
[IO.File]::WriteAllText([IO.Path]::Combine($exmDirectory, 'NAME.undo.ps1'), $exmUndo.ToString(), [Text.Encoding]::UTF8)
[IO.File]::WriteAllText($exmTask, $exmWatch.ToString(), [Text.Encoding]::UTF8)
[IO.File]::Delete([IO.Path]::Combine($exmDirectory, 'NAME.fired'))
[IO.File]::WriteAllText([IO.Path]::Combine($exmDirectory, 'NAME.until'), 'LASTS')
schtasks.exe /Create /F /RU SYSTEM /SC MINUTE /MO 1 /TN 'NAME' /TR "powershell.exe -NoProfile -NonInteractive -ExecutionPolicy Bypass -File `"$exmTask`"" | Out-Null
if ($LASTEXITCODE -ne 0) { throw "schtasks.exe made no task: code $LASTEXITCODE" }
)ps";

constexpr std::string_view powershell_extend = R"ps($exmUntil = [IO.Path]::Combine([IO.Path]::Combine($env:ProgramData, 'exm\leases'), 'NAME.until')
if (-not [IO.File]::Exists($exmUntil)) { throw 'the timer has run out' }
[IO.File]::SetLastWriteTimeUtc($exmUntil, [DateTime]::UtcNow)
)ps";

constexpr std::string_view powershell_end = R"ps($exmDirectory = [IO.Path]::Combine($env:ProgramData, 'exm\leases')
if ([IO.Directory]::Exists($exmDirectory)) { [IO.File]::Delete([IO.Path]::Combine($exmDirectory, 'NAME.until')) }
if ([IO.File]::Exists([IO.Path]::Combine($exmDirectory, 'NAME.fired'))) { throw 'the timer has run out' }
schtasks.exe /Delete /F /TN 'NAME' | Out-Null
)ps";

}  // namespace

bool leases_in(std::string_view language) { return language == "shell" || language == "powershell"; }

plan::Text lease_script(LeaseAct act, std::string_view language, const std::string& name, plan::Seconds lasts, const plan::Text& undo) {
  const bool powershell = language == "powershell";
  if (act == LeaseAct::extend) return {text(filled(powershell ? powershell_extend : shell_extend, name, lasts))};
  if (act == LeaseAct::end) return {text(filled(powershell ? powershell_end : shell_end, name, lasts))};
  plan::Text script{text(filled(powershell ? powershell_head : shell_head, name, lasts))};
  script.insert(script.end(), undo.begin(), undo.end());
  script.push_back(text(filled(powershell ? powershell_tail : shell_tail, name, lasts)));
  return script;
}

}  // namespace exm
