// What can be said of a script without running it.
using System.Management.Automation.Language;
using System.Text;

namespace ScriptTest;

public static class Checks
{
    public static int Scripts(string commands, string[] paths)
    {
        int problems = 0;
        Documented documented = new(commands);
        foreach (string given in paths)
        {
            string path = Directory.Exists(given) ? Path.Combine(given, "script.ps1") : given;
            ScriptBlockAst script = Parser.ParseFile(Path.GetFullPath(path), out Token[] tokens, out ParseError[] errors);
            foreach (ParseError error in errors) problems += Report(path, error.Extent, error.Message);
            foreach ((IScriptExtent where, string what) in NewerThanTwo.Find(script, tokens)) problems += Report(path, where, what);
            foreach ((IScriptExtent where, string what) in KnownCommands.Find(script, documented)) problems += Report(path, where, what);
            problems += Order(path);
            Console.WriteLine($"{path}: {tokens.Length} tokens, {problems} problems");
        }
        return problems == 0 ? 0 : 1;
    }

    static int Report(string path, IScriptExtent where, string what)
    {
        Console.WriteLine($"{path}:{where.StartLineNumber}:{where.StartColumnNumber}: {what}: {where.Text.Split('\n')[0]}");
        return 1;
    }

    /// Versions before 6 read a script without a byte order mark in the machine's code page.
    static int Order(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bool marked = bytes is [0xEF, 0xBB, 0xBF, ..];
        bool ascii = bytes.Skip(marked ? 3 : 0).All(b => b < 0x80);
        if (marked != ascii) return 0;
        Console.WriteLine($"{path}: {(ascii ? "a byte order mark before ASCII" : "text that is not ASCII, and no byte order mark")}");
        return 1;
    }

    public static int Quoting(string path)
    {
        int problems = 0;
        int rows = 0;
        foreach (string line in File.ReadAllLines(path, new UTF8Encoding(false)))
        {
            string[] part = line.Split('\t');
            string wanted = Encoding.UTF8.GetString(Convert.FromHexString(part[0]));
            string literal = part[1];
            rows++;
            if (literal[0] == '\'' && literal != "'" + CodeGeneration.EscapeSingleQuotedStringContent(wanted) + "'")
                problems += Wrong(literal, "not what the engine itself would write");
            foreach (string around in new[] { "{0}", "Write-It -Name {0} -Other 1", "@{{ Key = {0} }}", "({0})" })
            {
                string script = string.Format(around, literal);
                ScriptBlockAst ast = Parser.ParseInput(script, out _, out ParseError[] errors);
                if (errors.Length > 0) { problems += Wrong(script, errors[0].Message); continue; }
                ExpressionAst found = (ExpressionAst)ast.Find(a => a.Extent.Text == literal && a is StringConstantExpressionAst or ParenExpressionAst, true);
                if (found is null) problems += Wrong(script, "the literal is no word of its own");
                else if (!string.Equals(Constant(found), wanted, StringComparison.Ordinal)) problems += Wrong(script, "another text than was quoted");
            }
        }
        Console.WriteLine($"{path}: {rows} literals, {problems} problems");
        return problems == 0 && rows > 0 ? 0 : 1;
    }

    static int Wrong(string script, string what)
    {
        Console.WriteLine($"{what}: {script}");
        return 1;
    }

    /// The value of a literal, as long as it is nothing but quoted text, characters by number, and their sum.
    static string Constant(Ast ast) => ast switch
    {
        StringConstantExpressionAst text => text.Value,
        ConstantExpressionAst number => ((char)Convert.ToInt32(number.Value)).ToString(),
        ConvertExpressionAst cast when cast.Type.TypeName.FullName == "char" => Constant(cast.Child),
        BinaryExpressionAst sum when sum.Operator == TokenKind.Plus => Constant(sum.Left) + Constant(sum.Right),
        ParenExpressionAst { Pipeline: PipelineAst { PipelineElements: [CommandExpressionAst inner] } } => Constant(inner.Expression),
        _ => null,
    };
}
