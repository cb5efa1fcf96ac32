# Updates of Windows itself that a plan installs, and where Windows lists them: as a hotfix by its number, or among the programs.

Register-State 'windows_update' 'installed'
function Get-UpdatesOf($Machine) { @(Get-PartsOf 'windows_update' $Machine.Path) }
Register-File { param($machine, $path) foreach ($thing in @(Get-Things 'windows_update')) { if ($thing.Facts['package'] -eq $path) { return [pscustomobject]@{ FullName = $path } } } }
Register-Program {
    param($path)
    foreach ($thing in @(Get-UpdatesOf (Get-Here))) {
        if ($thing.Facts['package'] -eq $path) { return @{ Name = 'a Windows update'; Body = $Script:InstallWindowsUpdate; At = $null; Looks = $null } }
    }
}
$Script:InstallWindowsUpdate = {
    $machine = Get-Here
    foreach ($thing in @(Get-UpdatesOf $machine)) {
        if (-not $World.ProgramPath.EndsWith($thing.Facts['package'])) { continue }
        if ($args[0] -ne $thing.Facts['arguments']) { return 1639 }
        if ($World.Failing) { return 1603 }
        Set-Doubt $machine
        Step-Clock 300
        Set-Is ($thing.Path + '.installed') $true
        if ($World.RebootNeeded) { Set-Is ($machine.Path + '.reboot_pending') $true }
        Add-Change "installed $($thing.Name)"
        if ($World.RebootNeeded) { return 3010 }
        return 0
    }
}
$Script:Uninstall = 'HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall'
function Get-Listed($Machine, [bool]$Hotfix) {
    foreach ($thing in @(Get-UpdatesOf $Machine)) {
        if (((Get-Is ($thing.Path + '.installed')) -eq $true) -and (($thing.Facts['listed_as'] -like 'KB*') -eq $Hotfix)) { $thing.Facts['listed_as'] }
    }
}
Register-Registry { param($machine, $path) if ($path -eq $Script:Uninstall) { return @{ '' = '' } } }
Stub 'Get-ChildItem' {
    $path = @($Path + $LiteralPath | Where-Object { $_ })[0]
    if ($path -ne $Script:Uninstall) { throw "Cannot find path '$path' because it does not exist." }
    foreach ($name in @(Get-Listed (Get-Here) $false)) { [ScriptTest.UninstallKey]::new($name) }
}
