using System.Globalization;
using System.Text;

namespace Lambent.Kernel.Traces;

/// <summary>
/// AWS X-Ray's header X-Amzn-Trace-Id, which is also what _X_AMZN_TRACE_ID and AWSTraceHeader hold:
/// Root=1-SECONDS-ID;Parent=SPAN;Sampled=0|1 (docs.aws.amazon.com/xray, "Tracing header"). Its id is W3C's, written
/// with dashes.
/// </summary>
public static class XRayHeader
{
    public const string Header = "X-Amzn-Trace-Id";

    /// <summary>Bytes of a header with a parent.</summary>
    public const int LengthMax = 74;

    private const int ParsedLengthMax = 1_024;
    private const int RootLength = 35;

    /// <summary>
    /// Reads a header. Without a parent what follows begins the trace; without a decision it is sampled. Other members
    /// (Self, Lineage) are left out. A root that is none makes it invalid: then a new trace begins.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TraceContext context)
    {
        context = default;
        var (trace, span, isSampled) = (default(TraceId), 0UL, true);
        if (text.Length is 0 or > ParsedLengthMax)
        {
            return false;
        }

        foreach (var range in text.Split(';'))
        {
            var member = text[range].Trim();
            var equals = member.IndexOf('=');
            if (equals < 0)
            {
                continue;
            }

            var value = member[(equals + 1)..];
            switch (member[..equals])
            {
                case var name when name.Equals("root", StringComparison.OrdinalIgnoreCase):
                    if (!trace.IsNone || !TryParseRoot(value, out trace))
                    {
                        return false;
                    }

                    break;
                case var name when name.Equals("parent", StringComparison.OrdinalIgnoreCase):
                    if (!TraceId.TryParseHex(value, out span) || span == 0)
                    {
                        return false;
                    }

                    break;
                case var name when name.Equals("sampled", StringComparison.OrdinalIgnoreCase):
                    isSampled = !value.SequenceEqual("0");
                    break;
            }
        }

        context = new TraceContext(trace, span, isSampled);
        return !trace.IsNone;
    }

    /// <summary>The context that a stored header holds; none when it holds none.</summary>
    public static TraceContext Parse(string? text) =>
        text is not null && TryParse(text, out var context) ? context : default;

    public static int Measure(in TraceContext context) => context.IsNone ? 0
        : context.Span == 0 ? LengthMax - 24
        : LengthMax;

    /// <summary>Writes the header; <paramref name="destination"/> has the measured size.</summary>
    public static void Write(Span<byte> destination, in TraceContext context)
    {
        if (context.IsNone)
        {
            return;
        }

        Span<byte> hex = stackalloc byte[TraceId.HexLength];
        HexWriter.Write(hex, context.Trace.High);
        HexWriter.Write(hex[16..], context.Trace.Low);
        "Root=1-"u8.CopyTo(destination);
        hex[..8].CopyTo(destination[7..]);
        destination[15] = (byte)'-';
        hex[8..].CopyTo(destination[16..]);
        destination = destination[40..];
        if (context.Span != 0)
        {
            ";Parent="u8.CopyTo(destination);
            HexWriter.Write(destination[8..], context.Span);
            destination = destination[24..];
        }

        (context.IsSampled ? ";Sampled=1"u8 : ";Sampled=0"u8).CopyTo(destination);
    }

    public static string Format(in TraceContext context)
    {
        Span<byte> bytes = stackalloc byte[LengthMax];
        bytes = bytes[..Measure(context)];
        Write(bytes, context);
        return Encoding.ASCII.GetString(bytes);
    }

    /// <summary>The same without a parent's place in the trace, for what a person may look up.</summary>
    public static string FormatRoot(TraceId trace) => string.Create(
        CultureInfo.InvariantCulture, $"1-{trace.High >> 32:x8}-{trace.High & uint.MaxValue:x8}{trace.Low:x16}");

    /// <summary>1-SECONDS-ID as people copy it out of X-Ray's header.</summary>
    public static bool TryParseRoot(ReadOnlySpan<char> text, out TraceId trace)
    {
        trace = default;
        Span<char> hex = stackalloc char[TraceId.HexLength];
        if (text.Length != RootLength || !text.StartsWith("1-") || text[10] != '-')
        {
            return false;
        }

        text[2..10].CopyTo(hex);
        text[11..].CopyTo(hex[8..]);
        return TraceId.TryParse(hex, out trace);
    }
}
