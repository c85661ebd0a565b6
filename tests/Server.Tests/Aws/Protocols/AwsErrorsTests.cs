using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Protocols;

public sealed class AwsErrorsTests
{
    public static TheoryData<ErrorCode> Codes() => [.. Enum.GetValues<ErrorCode>()];

    [Theory]
    [MemberData(nameof(Codes))]
    public void Every_code_has_an_answer_that_clients_can_read(ErrorCode code)
    {
        var answer = AwsErrors.Response(new Error(code, "It's \"wrong\": <é>\n\ud800"));

        answer.Status.ShouldBeInRange(400, 599);
        var type = answer.Headers!.Single(header => header.Key == AwsErrors.TypeHeader).Value;
        type.ShouldEndWith("Exception");
        var json = JsonNode.Parse(answer.Body)!.AsObject();
        ((string?)(json["message"] ?? json["Message"])).ShouldStartWith("It's \"wrong\": <é>\n");
    }

    [Theory]
    [InlineData(ErrorCode.FunctionConcurrencyExceeded, "ReservedFunctionConcurrentInvocationLimitExceeded")]
    [InlineData(ErrorCode.AccountConcurrencyExceeded, "ConcurrentInvocationLimitExceeded")]
    public void Exceeded_limit_is_named_in_the_reason(ErrorCode code, string reason)
    {
        var answer = AwsErrors.Response(new Error(code, "Rate Exceeded."));

        answer.Status.ShouldBe(429);
        var json = JsonNode.Parse(answer.Body)!;
        json["Reason"]!.ToString().ShouldBe(reason);
        json["Type"]!.ToString().ShouldBe("User");
    }
}
