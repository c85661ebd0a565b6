using System.Text;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Calls;

/// <summary>An HTTP response, read to its end.</summary>
internal sealed record Answer(int Status, IReadOnlyDictionary<string, string[]> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);

    public JsonNode Json => JsonNode.Parse(Body) ?? throw new InvalidOperationException("The body is null.");

    /// <summary>AWS's error code, from the header.</summary>
    public string? ErrorType => Header("x-amzn-ErrorType");

    /// <summary>AWS's message; one of its errors spells the member with a capital.</summary>
    public string? Message => (string?)(Json["message"] ?? Json["Message"]);

    public string? FunctionError => Header("X-Amz-Function-Error");

    /// <summary>The tail of the log, when it was asked for.</summary>
    public string LogTail => Encoding.UTF8.GetString(Convert.FromBase64String(Header("X-Amz-Log-Result") ?? ""));

    public string? Header(string name) => Headers.TryGetValue(name, out var values) ? string.Join(", ", values) : null;

    /// <summary>The body, after checking that the call went well.</summary>
    public JsonNode Ok()
    {
        (Status / 100).ShouldBe(2, ToString());
        FunctionError.ShouldBeNull(ToString());
        return Json;
    }

    public override string ToString() =>
        $"{Status} {ErrorType} {FunctionError} {(Body.Length > 2000 ? Text[..1000] + "…" : Text)}";
}
