#include "runtime/show/powershell_runtime.h"

namespace exm::show {

const std::string_view powershell_journal = R"PS(
#region The journal
# One line a record, separated by tabs, written through to the disk before the act that it announces:
#   time  begin|end|skip|fail|again|back|asked  step  text
# A line that is cut short was never finished, and neither was what it would have announced.

function Stop-Plan([int]$Code, [string]$Message) {
    $Script:ExitCode = $Code
    throw $Message
}

function Open-Journal {
    $lines = @()
    $torn = $false
    if ([System.IO.File]::Exists($Script:JournalPath)) {
        $text = [System.IO.File]::ReadAllText($Script:JournalPath)
        $torn = ($text.Length -gt 0) -and ($text[$text.Length - 1] -ne [char]10)
        $lines = @($text.Split([char]10))
        $lines[$lines.Length - 1] = ''
    }
    Read-Journal $lines
    if ($Script:Simulated) { return }
    try {
        $Script:JournalFile = New-Object System.IO.FileStream($Script:JournalPath, [System.IO.FileMode]::Append,
            [System.IO.FileAccess]::Write, [System.IO.FileShare]::Read, 4096, [System.IO.FileOptions]::WriteThrough)
    } catch {
        Stop-Plan 7 ("The journal '{0}' cannot be written; another run may be using it. {1}" -f $Script:JournalPath, $_)
    }
    if ($torn) { Write-Bytes "`n" }
    if (-not $Script:Resumed) {
        $Script:RunStarted = Get-Date
        Write-Record 'plan' $Script:Digest $Script:RunStarted.ToUniversalTime().Ticks.ToString()
    }
}

function Read-Journal([string[]]$Lines) {
    foreach ($line in $Lines) {
        $part = @($line.Split([char]9))
        if ($part.Length -lt 4) { continue }
        if ($part[1] -ceq 'plan') {
            if ($part[2] -cne $Script:Digest) {
                Stop-Plan 2 ("The journal '{0}' belongs to another plan ({1}). Name another file with -Journal." -f $Script:JournalPath, $part[2])
            }
            $Script:RunStarted = (New-Object System.DateTime([long]$part[3], [System.DateTimeKind]::Utc)).ToLocalTime()
            $Script:Resumed = $true
        } elseif ($part[1] -ceq 'asked') {
            $Script:Asked[$part[2] + ' ' + $part[3]] = $true
        } else {
            $Script:Ended[$part[2]] = $part[1]
        }
    }
}

function Write-Bytes([string]$Text) {
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text)
    $Script:JournalFile.Write($bytes, 0, $bytes.Length)
    $Script:JournalFile.Flush()
}

function Write-Record([string]$What, [string]$Step, [string]$Text) {
    if ($Script:Simulated) { return }
    $plain = $Text.Replace([string][char]9, ' ').Replace([string][char]10, ' ').Replace([string][char]13, ' ')
    Write-Bytes ([string]::Join([string][char]9, @((Get-Date).ToUniversalTime().ToString('s'), $What, $Step, $plain)) + "`n")
    if ($What -cne 'plan' -and $What -cne 'asked') { $Script:Ended[$Step] = $What }
}

function Close-Journal {
    if ($null -ne $Script:JournalFile) { $Script:JournalFile.Close() }
}

# Whether the journal shows that nothing is left to do for a step.
function Test-Ended([string]$Id) {
    return (@('end', 'skip') -ccontains $Script:Ended[$Id])
}
#endregion
)PS";

}  // namespace exm::show
