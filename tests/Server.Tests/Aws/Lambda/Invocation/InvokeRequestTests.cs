using System.Text;
using Lambent.Kernel;
using Lambent.Server.Aws.Lambda.Invocation;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda.Invocation;

public sealed class InvokeRequestTests
{
    [Theory]
    [InlineData(null, null, "RequestResponse", false)]
    [InlineData("RequestResponse", null, "RequestResponse", false)]
    [InlineData("RequestResponse", "None", "RequestResponse", false)]
    [InlineData("RequestResponse", "Tail", "RequestResponse", true)]
    [InlineData(null, "Tail", "RequestResponse", true)]
    [InlineData("Event", null, "Event", false)]
    [InlineData("Event", "Tail", "Event", false)] // There is no answer that could carry the log.
    [InlineData("DryRun", null, "DryRun", false)]
    public void Headers_say_how_the_call_is_wanted(string? type, string? log, string expected, bool wantsLogTail)
    {
        var request = Read(("X-Amz-Invocation-Type", type), ("X-Amz-Log-Type", log)).Value;

        request.Type.ToString().ShouldBe(expected);
        request.WantsLogTail.ShouldBe(wantsLogTail);
        request.ClientContext.ShouldBeNull();
        request.Trace.IsNone.ShouldBeTrue();
    }

    [Theory]
    [InlineData("X-Amz-Invocation-Type", "event", "invocationType", "[Event, RequestResponse, DryRun]")]
    [InlineData("X-Amz-Invocation-Type", "Event,Event", "invocationType", "[Event, RequestResponse, DryRun]")]
    [InlineData("X-Amz-Log-Type", "tail", "logType", "[None, Tail]")]
    public void Header_outside_its_values_is_refused_in_the_words_of_aws(
        string name, string value, string field, string allowed)
    {
        var error = Read((name, value)).Error.ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.ValidationFailed);
        error.Message.ShouldBe(
            $"1 validation error detected: Value '{value}' at '{field}' failed to satisfy constraint: "
            + $"Member must satisfy enum value set: {allowed}");
    }

    [Fact]
    public void Client_context_is_decoded_and_trace_is_kept()
    {
        var request = Read(
            ("X-Amz-Client-Context", Base64("""{"custom":{"a":"ü"}}""")),
            ("X-Amzn-Trace-Id", "Root=1-5759e988-bd862e3fe1be46a994272793")).Value;

        request.ClientContext.ShouldBe("""{"custom":{"a":"ü"}}""");
        request.Trace.Trace.ToString().ShouldBe("5759e988bd862e3fe1be46a994272793");
    }

    [Theory]
    [InlineData("%%%")]
    [InlineData("e30")] // Without its padding.
    [InlineData("bm8ganNvbg==")] // "no json".
    [InlineData("/w==")] // No UTF-8.
    public void Client_context_that_is_no_json_in_base64_is_refused(string context)
    {
        var error = Read(("X-Amz-Client-Context", context)).Error.ShouldNotBeNull();

        error.Code.ShouldBe(ErrorCode.InvalidRequestContent);
        error.Field.ShouldBe("ClientContext");
    }

    [Fact]
    public void Client_context_above_its_limit_is_refused()
    {
        var tooLong = Base64($"\"{new string('x', Limits.ClientContextBytesMax)}\"");

        Read(("X-Amz-Client-Context", tooLong)).Error.ShouldNotBeNull().Code.ShouldBe(ErrorCode.InvalidRequestContent);
    }

    [Theory]
    [InlineData("{}", true)]
    [InlineData("null", true)]
    [InlineData(" [1, \"ü\"] ", true)]
    [InlineData("", false)]
    [InlineData("{", false)]
    [InlineData("{} {}", false)]
    [InlineData("{'a':1}", false)]
    [InlineData("NaN", false)]
    public void Payload_must_be_one_json_document(string payload, bool valid) =>
        (InvokeRequest.CheckPayload(Encoding.UTF8.GetBytes(payload)) is null).ShouldBe(valid);

    [Fact]
    public void Payload_with_bytes_that_are_no_text_is_refused() =>
        InvokeRequest.CheckPayload([(byte)'"', 0xFF, (byte)'"']).ShouldNotBeNull()
            .Code.ShouldBe(ErrorCode.InvalidRequestContent);

    [Fact]
    public void Payload_of_hostile_depth_is_refused_and_does_not_overflow() =>
        InvokeRequest.CheckPayload(Encoding.UTF8.GetBytes(new string('[', 1_000_000))).ShouldNotBeNull();

    private static Result<InvokeRequest> Read(params (string Name, string? Value)[] headers)
    {
        var dictionary = new HeaderDictionary();
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                dictionary[name] = value;
            }
        }

        return InvokeRequest.Read(dictionary);
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
