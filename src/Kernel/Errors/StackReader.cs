using System.Globalization;

namespace Lambent.Kernel.Errors;

/// <summary>
/// Reads the stacks of Node.js, Python and .NET, as their runtimes print them. Lines that are no frames are passed
/// over, so any text can be given.
/// </summary>
public static class StackReader
{
    /// <summary>Frames of one stack that are read.</summary>
    public const int FramesMax = 100;

    private const int LineLengthMax = 2_000;

    private static readonly string[] PlatformParts =
    [
        "/node_modules/", "/site-packages/", "/dist-packages/", "/lib/python", "/var/runtime/", "/lambent_runtime/",
        "/runtimes/node/", "/runtimes/python/", "node:", "<frozen", "<anonymous>",
    ];

    private static readonly string[] PlatformNames =
        ["System.", "Microsoft.", "Lambent.", "Amazon.Lambda.RuntimeSupport.", "Interop."];

    /// <param name="lines">
    /// Lines of a stack in their order; one may hold several, as Python's error objects have them.
    /// </param>
    /// <returns>The frames, the one that failed first, whatever order the language prints them in.</returns>
    public static (ErrorLanguage Language, IReadOnlyList<StackFrame> Frames) Read(IEnumerable<string> lines)
    {
        var (frames, language) = (new List<StackFrame>(), ErrorLanguage.Unknown);
        foreach (var line in lines.SelectMany(static text => text.Split('\n')))
        {
            if (ReadFrame(line, out var of) is not { } frame || (language != of && frames.Count > 0))
            {
                continue;
            }

            language = of;
            frames.Add(frame);
            if (frames.Count == FramesMax && language != ErrorLanguage.Python)
            {
                break;
            }
        }

        if (language == ErrorLanguage.Python)
        {
            frames.Reverse();
        }

        return (language, frames.Count > FramesMax ? frames[..FramesMax] : frames);
    }

    /// <summary>Whether a line is one of a stack.</summary>
    public static bool IsFrame(string line) => ReadFrame(line, out _) is not null;

    private static StackFrame? ReadFrame(string line, out ErrorLanguage language)
    {
        language = ErrorLanguage.Unknown;
        var text = line.Trim();
        if (text.Length is < 6 or > LineLengthMax)
        {
            return null;
        }

        if (text.StartsWith("File \"", StringComparison.Ordinal))
        {
            language = ErrorLanguage.Python;
            return ReadPython(text);
        }

        if (!text.StartsWith("at ", StringComparison.Ordinal))
        {
            return null;
        }

        if (ReadJavaScript(text) is { } frame)
        {
            language = ErrorLanguage.JavaScript;
            return frame;
        }

        language = ErrorLanguage.Dotnet;
        return ReadDotnet(text);
    }

    /// <summary>File "/var/task/app.py", line 5, in handler</summary>
    private static StackFrame? ReadPython(string text)
    {
        const string LineMark = "\", line ";
        var end = text.IndexOf(LineMark, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var file = text["File \"".Length..end];
        var rest = text[(end + LineMark.Length)..];
        var comma = rest.IndexOf(", in ", StringComparison.Ordinal);
        var number = comma < 0 ? rest : rest[..comma];
        var function = comma < 0 ? "" : rest[(comma + ", in ".Length)..].Trim();
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var line)
            ? new StackFrame(function == "<module>" ? "" : function, file, line, 0, IsApplication(file), text)
            : null;
    }

    /// <summary>at async name (/var/task/index.js:10:15), at /var/task/index.js:10:15, at Array.map (native).</summary>
    private static StackFrame? ReadJavaScript(string text)
    {
        var rest = text["at ".Length..];
        var (function, place) = ("", rest);
        if (rest[^1] == ')' && rest.LastIndexOf(" (", StringComparison.Ordinal) is >= 0 and var open)
        {
            (function, place) = (rest[..open], rest[(open + 2)..^1]);
        }

        function = WithoutPrefix(function, "async ");
        place = WithoutPrefix(WithoutPrefix(place, "async "), "file://");
        if (!TrySplitNumber(place, out var withoutColumn, out var column))
        {
            return place is "<anonymous>" or "native"
                ? new StackFrame(function, "", 0, 0, IsApplication: false, text)
                : null;
        }

        // A place with one number has a line only.
        if (!TrySplitNumber(withoutColumn, out var file, out var line))
        {
            (file, line, column) = (withoutColumn, column, 0);
        }

        return file.Contains(' ') && !file.Contains('/')
            ? null
            : new StackFrame(CleanName(function), file, line, column, IsApplication(file), text);
    }

    /// <summary>at Shop.Orders.Load(String id) in /src/Orders.cs:line 12</summary>
    private static StackFrame? ReadDotnet(string text)
    {
        const string LineMark = ":line ";
        var rest = text["at ".Length..];
        var (file, line) = ("", 0);
        var place = rest.LastIndexOf(") in ", StringComparison.Ordinal);
        if (place >= 0)
        {
            file = rest[(place + ") in ".Length)..];
            rest = rest[..(place + 1)];
            var mark = file.LastIndexOf(LineMark, StringComparison.Ordinal);
            if (mark >= 0)
            {
                _ = int.TryParse(file.AsSpan(mark + LineMark.Length), CultureInfo.InvariantCulture, out line);
                file = file[..mark];
            }
        }

        var open = rest.IndexOf('(');
        if (open <= 0 || rest[^1] != ')' || rest.AsSpan(0, open).Contains(' '))
        {
            return null;
        }

        var function = rest[..open];
        var isApplication = !Array.Exists(
            PlatformNames, name => function.StartsWith(name, StringComparison.Ordinal));
        return new StackFrame(CleanMethod(function), file, line, 0, isApplication, text);
    }

    /// <summary>Shop.Orders.&lt;Load&gt;d__3.MoveNext is Shop.Orders.Load, and so are its lambdas.</summary>
    private static string CleanMethod(string method)
    {
        var (open, close) = (method.IndexOf('<'), method.IndexOf('>'));
        if (open < 0 || close <= open + 1)
        {
            return method;
        }

        var owner = method[..open].Replace(".<>c", "", StringComparison.Ordinal).TrimEnd('.', '+');
        return $"{owner}.{method[(open + 1)..close]}";
    }

    private static string CleanName(string function)
    {
        foreach (var prefix in (string[])["new ", "Object.", "exports.", "module.exports.", "Runtime."])
        {
            function = WithoutPrefix(function, prefix);
        }

        var alias = function.IndexOf(" [as ", StringComparison.Ordinal);
        function = alias > 0 ? function[..alias] : function;
        return function == "<anonymous>" ? "" : function;
    }

    private static bool IsApplication(string file) =>
        !Array.Exists(PlatformParts, part => file.Contains(part, StringComparison.Ordinal));

    private static bool TrySplitNumber(string text, out string before, out int number)
    {
        var colon = text.LastIndexOf(':');
        number = 0;
        before = colon < 0 ? text : text[..colon];
        return colon > 0
            && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string WithoutPrefix(string text, string prefix) =>
        text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
}
