using Lambent.Kernel.Traces;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Http;

/// <summary>The trace context of an HTTP request, in either form.</summary>
internal static class TraceHeaders
{
    /// <summary>
    /// W3C's header goes before X-Ray's, because libraries that know both put the innermost span there. None when
    /// neither is valid.
    /// </summary>
    public static TraceContext Read(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(TraceParent.Header, out var parent) && parent is [{ } text]
            && TraceParent.TryParse(text, out var context))
        {
            return context;
        }

        return headers.TryGetValue(XRayHeader.Header, out var header) && header is [{ } amazon]
            && XRayHeader.TryParse(amazon, out context)
                ? context
                : default;
    }

    /// <summary>The same as text, for what is stored; null when there is none.</summary>
    public static string? ReadText(IHeaderDictionary headers) =>
        Read(headers) is { IsNone: false } context ? XRayHeader.Format(context) : null;
}
