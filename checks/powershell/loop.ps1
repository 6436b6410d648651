# Answers questions until its input ends. It begins with the line "lyncdoctor hello <data>", the data being the Base64
# of a JSON object. Each line of input is the Base64 of {"id", "name", "parameters", "logins", "acts"}, and behind it,
# with blanks between them, the Base64 of a password for each of "logins", which are {"parameter", "user"}. Each answer
# is the line "lyncdoctor <id> <data>", the data being the Base64 of CLIXML. Whatever else is printed belongs to some
# cmdlet.
#
# Windows can log what a cmdlet is given. So no cmdlet is given a password as text: it goes from the line into a
# SecureString, a character at a time.
#
# A script that mentions the automatic variable of the pipeline's input makes PowerShell itself read the standard input
# and take the questions away. This one reads the console, and so must never mention it.
Set-StrictMode -Version 2
$ProgressPreference = 'SilentlyContinue'

function Write-Answer {
    param([string] $Id, [string] $Text)

    $data = [Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($Text))
    [Console]::Out.WriteLine("lyncdoctor $Id $data")
    [Console]::Out.Flush()
}

$loaded = Import-ProductModule
Write-Answer -Id 'hello' -Text (ConvertTo-Json -Compress -InputObject @{
    module = $loaded.Module
    problem = $loaded.Problem
    version = "$($PSVersionTable.PSVersion)"
    elevated = Test-Elevation
})

while ($null -ne ($line = [Console]::In.ReadLine())) {
    $parts = $line.Split(' ')
    $question = ConvertFrom-Json -InputObject ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String($parts[0])))
    $parameters = @{}
    foreach ($parameter in $question.parameters.PSObject.Properties) { $parameters[$parameter.Name] = $parameter.Value }
    $place = 0
    foreach ($login in $question.logins) {
        $place += 1
        $password = New-Object -TypeName Security.SecureString
        foreach ($character in [Text.Encoding]::UTF8.GetChars([Convert]::FromBase64String($parts[$place]))) {
            $password.AppendChar($character)
        }
        $parameters[$login.parameter] = New-Object -TypeName Management.Automation.PSCredential -ArgumentList (
            $login.user, $password)
    }
    $answer = Invoke-Question -Name $question.name -Parameters $parameters -MayAct:($question.acts)
    Write-Answer -Id $question.id -Text $answer
}
