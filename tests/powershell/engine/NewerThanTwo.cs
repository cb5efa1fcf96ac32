// Every construct in a script that PowerShell 2.0 does not know. The engine that parses it knows them all.
using System.Management.Automation.Language;

namespace ScriptTest;

public static class NewerThanTwo
{
    static readonly HashSet<TokenKind> Operators =
    [
        TokenKind.In, TokenKind.Inotin, TokenKind.Cin, TokenKind.Cnotin, TokenKind.Iin, TokenKind.Shl, TokenKind.Shr,
        TokenKind.AndAnd, TokenKind.OrOr, TokenKind.QuestionMark, TokenKind.QuestionQuestion, TokenKind.QuestionQuestionEquals,
        TokenKind.QuestionDot, TokenKind.QuestionLBracket, TokenKind.Class, TokenKind.Enum, TokenKind.Using, TokenKind.Workflow,
        TokenKind.Parallel, TokenKind.Sequence, TokenKind.InlineScript, TokenKind.Configuration, TokenKind.Clean,
    ];

    static readonly HashSet<string> Variables = new(StringComparer.OrdinalIgnoreCase)
        { "PSScriptRoot", "PSCommandPath", "PSItem", "PSDefaultParameterValues", "IsWindows", "IsLinux", "IsMacOS", "IsCoreCLR" };

    static readonly HashSet<string> Commands = new(StringComparer.OrdinalIgnoreCase)
    {
        "ConvertTo-Json", "ConvertFrom-Json", "Invoke-RestMethod", "Invoke-WebRequest", "Get-CimInstance", "Invoke-CimMethod",
        "New-CimSession", "Get-FileHash", "Expand-Archive", "Compress-Archive", "Resolve-DnsName", "Test-NetConnection",
        "Get-ComputerInfo", "Set-Clipboard", "New-TemporaryFile", "Get-Error", "Write-Information", "Unblock-File", "Show-Command",
    };

    static readonly HashSet<string> Parameters = new(StringComparer.OrdinalIgnoreCase)
        { "-Raw", "-Tail", "-AsHashtable", "-PipelineVariable", "-InformationAction", "-NoNewline" };

    static readonly HashSet<string> Types = new(StringComparer.OrdinalIgnoreCase) { "ordered", "pscustomobject", "semver", "cimsession" };

    public static IEnumerable<(IScriptExtent, string)> Find(ScriptBlockAst script, Token[] tokens)
    {
        foreach (Token token in AllTokens(tokens))
            if (OfToken(token) is { } what) yield return (token.Extent, what);
        foreach (Ast ast in script.FindAll(_ => true, true))
            if (OfNode(ast) is { } what) yield return (ast.Extent, what);
    }

    static IEnumerable<Token> AllTokens(IEnumerable<Token> tokens)
    {
        foreach (Token token in tokens)
        {
            yield return token;
            if (token is StringExpandableToken { NestedTokens: { } nested })
                foreach (Token inner in AllTokens(nested)) yield return inner;
        }
    }

    static string OfToken(Token token)
    {
        bool loop = token.Kind == TokenKind.In && token.TokenFlags.HasFlag(TokenFlags.Keyword);
        if (Operators.Contains(token.Kind) && !loop) return $"the operator or keyword {token.Kind} came later than 2.0";
        if (token is StringExpandableToken && (token.Text.Contains("`u{") || token.Text.Contains("`e"))) return "an escape of 6.0";
        if (token is NumberToken && !System.Text.RegularExpressions.Regex.IsMatch(token.Text, @"^-?(0x[0-9a-fA-F]+|[0-9]*\.?[0-9]+)$"))
            return "a form of number that 2.0 may not know";
        if (token is VariableToken { VariablePath: { } path })
        {
            if (path.UserPath.StartsWith("using:", StringComparison.OrdinalIgnoreCase)) return "$using: came with 3.0";
            if (Variables.Contains(path.UserPath)) return "a variable that 2.0 does not have";
        }
        if (token is FileRedirectionToken { FromStream: not (RedirectionStream.Output or RedirectionStream.Error) }) return "a stream of 3.0";
        if (token is MergingRedirectionToken { FromStream: not RedirectionStream.Error }) return "a stream of 3.0";
        return null;
    }

    static string OfNode(Ast ast) => ast switch
    {
        TypeDefinitionAst or UsingStatementAst or FunctionMemberAst => "a class or using statement",
        TernaryExpressionAst => "? :",
        PipelineChainAst => "&& or ||",
        PipelineAst { Background: true } => "& at the end of a pipeline",
        UsingExpressionAst => "$using:",
        DynamicKeywordStatementAst or ConfigurationDefinitionAst => "a keyword of 4.0",
        BlockStatementAst => "parallel or sequence",
        ForEachStatementAst { Flags: not ForEachFlags.None } => "foreach -parallel",
        NamedAttributeArgumentAst { ExpressionOmitted: true } => "an attribute argument without a value",
        InvokeMemberExpressionAst { Static: true, Member: StringConstantExpressionAst { Value: var name } } when name.ToLowerInvariant() == "new" => "::new()",
        InvokeMemberExpressionAst { Static: false, Member: StringConstantExpressionAst { Value: var name } } when name.ToLowerInvariant() is "foreach" or "where" => ".ForEach() or .Where()",
        MemberExpressionAst { NullConditional: true } => "?.",
        TypeExpressionAst type when Types.Contains(type.TypeName.FullName) => "a type name of 3.0",
        ConvertExpressionAst cast when Types.Contains(cast.Type.TypeName.FullName) => "[ordered] or [pscustomobject]",
        CommandAst command => OfCommand(command),
        _ => null,
    };

    static string OfCommand(CommandAst command)
    {
        string name = command.GetCommandName();
        if (name is null) return null;
        if (Commands.Contains(name)) return "a command that 2.0 does not have";
        bool filter = name.ToLowerInvariant() is "where-object" or "foreach-object" or "where" or "foreach" or "?" or "%";
        if (filter && !command.CommandElements.Skip(1).Any(e => e is ScriptBlockExpressionAst or VariableExpressionAst))
            return "the short form of Where-Object or ForEach-Object";
        foreach (CommandElementAst element in command.CommandElements)
            if (element is CommandParameterAst parameter && Parameters.Contains("-" + parameter.ParameterName)) return "a parameter that came later";
        return null;
    }
}
