using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Lambent.Cli.Output;

/// <summary>Where a verb's results and remarks go, and what is at the other end.</summary>
internal sealed class Terminal
{
    private const int WidthDefault = 120;

    private bool colorForbidden;

    /// <summary>Results; what a script reads.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Remarks, progress and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Results as bytes, for payloads that are not to be touched. Shares its sink with Output.</summary>
    public required Stream OutputBytes { get; init; }

    public required Func<Stream> OpenInput { get; init; }

    public bool InputIsTerminal { get; init; }

    public bool OutputIsTerminal { get; init; }

    public bool ErrorIsTerminal { get; init; }

    /// <summary>NO_COLOR, whatever its value, or a terminal that cannot.</summary>
    public bool ColorUnwanted { get; init; }

    /// <summary>Columns of the output; where it is no terminal, a width that reads well.</summary>
    public int Width { get; init; } = WidthDefault;

    public bool ColorOnOutput => OutputIsTerminal && !ColorUnwanted && !colorForbidden;

    public bool ColorOnError => ErrorIsTerminal && !ColorUnwanted && !colorForbidden;

    public static Terminal OfProcess()
    {
        // Plain streams instead of Console.Out: the console would load the terminal database, which a verb that
        // prints three lines never needs.
        var outputBytes = OpenOutput();
        return new Terminal
        {
            OutputBytes = outputBytes,
            Output = new StreamWriter(outputBytes, new UTF8Encoding(false)) { AutoFlush = true },
            Error = TextWriter.Synchronized(
                new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true }),
            OpenInput = Console.OpenStandardInput,
            InputIsTerminal = !Console.IsInputRedirected,
            OutputIsTerminal = !Console.IsOutputRedirected,
            ErrorIsTerminal = !Console.IsErrorRedirected,
            ColorUnwanted = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 }
                || Environment.GetEnvironmentVariable("TERM") is null or "dumb",
        };
    }

    /// <summary>
    /// Into a pipe a stream of the file, which unlike the console's fails when the reader is gone, so that
    /// <c>logs --follow | head</c> ends. Into a file the console's, which goes on where others who share it stopped.
    /// </summary>
    private static Stream OpenOutput()
    {
        if (!OperatingSystem.IsWindows())
        {
            var output = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
            if (!output.CanSeek)
            {
                return output;
            }
        }

        return Console.OpenStandardOutput();
    }

    /// <summary>The width now: people make windows larger to see more.</summary>
    public int ReadWidth()
    {
        try
        {
            return OutputIsTerminal && Width == WidthDefault && Console.WindowWidth is > 0 and var columns
                ? columns
                : Width;
        }
        catch (IOException)
        {
            return Width;
        }
    }

    /// <summary>A line of the result.</summary>
    public void Print(string line) => Output.WriteLine(line);

    /// <summary>A line beside the result.</summary>
    public void Remark(string line) => Error.WriteLine(line);

    public void ForbidColor(bool forbid) => colorForbidden |= forbid;
}
