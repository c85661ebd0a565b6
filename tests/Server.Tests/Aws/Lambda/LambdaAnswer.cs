using System.Net;
using System.Text.Json.Nodes;
using Shouldly;

namespace Lambent.Server.Tests.Aws.Lambda;

/// <summary>What the server answered.</summary>
/// <param name="ErrorType">The header that names the exception, or null.</param>
internal sealed record LambdaAnswer(HttpStatusCode Status, string? ErrorType, string Text, bool HasRequestId)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    /// <summary>The message of an error, however the member is spelt.</summary>
    public string Message => (string?)(Json["message"] ?? Json[nameof(Message)]) ?? "";

    public string this[string member] => Json[member]?.ToString() ?? "";

    public LambdaAnswer ShouldBe(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        HasRequestId.ShouldBeTrue();
        return this;
    }

    /// <summary>An error of this type whose message contains the text.</summary>
    public LambdaAnswer ShouldFail(int status, string type, string text)
    {
        ((int)Status).ShouldBe(status, Text);
        ErrorType.ShouldBe(type);
        Message.ShouldContain(text);
        return this;
    }
}
