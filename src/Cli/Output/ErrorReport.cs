using Lambent.Cli.Commands;

namespace Lambent.Cli.Output;

/// <summary>
/// Prints a failure: what, where, why, the fix, the code, the request, the page. Always on standard error.
/// </summary>
internal static class ErrorReport
{
    private const string Red = "\u001b[31;1m";
    private const string Plain = "\u001b[0m";

    public static void Write(Terminal terminal, Failure failure, bool json)
    {
        if (json)
        {
            terminal.Remark(JsonReport.Line(writer =>
            {
                writer.WriteStartObject("error");
                writer.WriteString("code", failure.Code);
                writer.WriteString("message", failure.Message);
                writer.WriteString("where", failure.Where);
                writer.WriteString("hint", failure.Hint);
                writer.WriteString("requestId", failure.RequestId);
                writer.WriteString("page", failure.Page);
                writer.WriteNumber("exitCode", (int)failure.Exit);
                writer.WriteEndObject();
            }));
            return;
        }

        var (red, plain) = terminal.ColorOnError ? (Red, Plain) : ("", "");
        terminal.Remark($"{red}error{plain} {ControlCodes.Strip(failure.Message)}");
        Line(terminal, "where", failure.Where);
        Line(terminal, "fix", failure.Hint);
        Line(terminal, "code", failure.Code);
        Line(terminal, "request", failure.RequestId);
        Line(terminal, "page", failure.Page);
    }

    private static void Line(Terminal terminal, string label, string? value)
    {
        if (value is not null)
        {
            terminal.Remark($"  {label,-8}{ControlCodes.Strip(value)}");
        }
    }
}
