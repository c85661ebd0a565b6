using System.Buffers;
using System.Globalization;

namespace Lambent.Kernel.Traces;

/// <summary>The headers of W3C's Trace Context (Recommendation, level 1): traceparent and tracestate.</summary>
public static class TraceParent
{
    public const string Header = "traceparent";

    public const string StateHeader = "tracestate";

    /// <summary>Characters of version 00: 00-TRACE-SPAN-FLAGS.</summary>
    public const int Length = 55;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");

    private const int StateMembersMax = 32;
    private const int StateKeyLengthMax = 256;
    private const int StateValueLengthMax = 256;
    private const int TenantLengthMax = 241;
    private const int SystemLengthMax = 14;

    /// <summary>
    /// Reads a traceparent. A later version is read as far as version 00 goes, when what follows is parted by a dash;
    /// version ff, ids of zeroes, capitals and anything else make it invalid: then a new trace begins.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TraceContext context)
    {
        context = default;
        if (text.Length < Length || text[2] != '-' || text[35] != '-' || text[52] != '-'
            || !IsLowerHex(text[..2]) || !IsLowerHex(text[3..35]) || !IsLowerHex(text[36..52])
            || !IsLowerHex(text[53..Length]))
        {
            return false;
        }

        var isFirstVersion = text[..2].SequenceEqual("00");
        if (text[..2].SequenceEqual("ff") || (isFirstVersion && text.Length != Length)
            || (text.Length > Length && text[Length] != '-')
            || !TraceId.TryParse(text[3..35], out var trace)
            || !TraceId.TryParseHex(text[36..52], out var span) || span == 0)
        {
            return false;
        }

        var flags = int.Parse(text[53..Length], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        context = new TraceContext(trace, span, (flags & 1) != 0);
        return true;
    }

    /// <summary>Writes the header; <paramref name="destination"/> has room for <see cref="Length"/>.</summary>
    public static void Write(Span<byte> destination, in TraceContext context)
    {
        "00-"u8.CopyTo(destination);
        HexWriter.Write(destination[3..], context.Trace.High);
        HexWriter.Write(destination[19..], context.Trace.Low);
        destination[35] = (byte)'-';
        HexWriter.Write(destination[36..], context.Span);
        (context.IsSampled ? "-01"u8 : "-00"u8).CopyTo(destination[52..]);
    }

    public static string Format(TraceContext context) => string.Create(
        CultureInfo.InvariantCulture,
        $"00-{context.Trace}-{context.Span:x16}-{(context.IsSampled ? "01" : "00")}");

    /// <summary>
    /// The tracestate to hand on: the list as it came, without empty members; null when it is invalid, which makes all
    /// of it worthless. Only to be looked at when the traceparent was valid.
    /// </summary>
    public static string? CleanState(string state)
    {
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var members = new List<string>();
        foreach (var part in state.Split(','))
        {
            var member = part.Trim(' ', '\t');
            if (member.Length == 0)
            {
                continue;
            }

            var equals = member.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !IsStateKey(member.AsSpan(0, equals)) || !IsStateValue(member.AsSpan(equals + 1))
                || !keys.Add(member[..equals]))
            {
                return null;
            }

            members.Add(member);
        }

        return members.Count is 0 or > StateMembersMax ? null : string.Join(',', members);
    }

    private static bool IsStateKey(ReadOnlySpan<char> key)
    {
        var at = key.IndexOf('@');
        if (at < 0)
        {
            return key.Length <= StateKeyLengthMax && key[0] is >= 'a' and <= 'z' && AreKeyCharacters(key);
        }

        var tenant = key[..at];
        var system = key[(at + 1)..];
        return tenant.Length is > 0 and <= TenantLengthMax && system.Length is > 0 and <= SystemLengthMax
            && tenant[0] is (>= 'a' and <= 'z') or (>= '0' and <= '9') && system[0] is >= 'a' and <= 'z'
            && AreKeyCharacters(tenant) && AreKeyCharacters(system);
    }

    private static bool AreKeyCharacters(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '_' or '-' or '*' or '/'))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsStateValue(ReadOnlySpan<char> value)
    {
        foreach (var character in value)
        {
            if (character is < ' ' or > '~' or ',' or '=')
            {
                return false;
            }
        }

        return value.Length is > 0 and <= StateValueLengthMax && value[^1] != ' ';
    }

    private static bool IsLowerHex(ReadOnlySpan<char> text) =>
        !text.ContainsAnyExcept(LowerHex);
}
