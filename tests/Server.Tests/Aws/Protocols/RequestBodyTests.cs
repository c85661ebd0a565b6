using Lambent.Kernel;
using Lambent.Server.Aws.Protocols;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Protocols;

public sealed class RequestBodyTests
{
    private const int Limit = 1_000_000;

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(65_535, true)]
    [InlineData(65_536, true)]
    [InlineData(65_537, true)]
    [InlineData(Limit, true)]
    [InlineData(Limit, false)]
    [InlineData(0, false)]
    [InlineData(262_144, false)]
    public async Task Body_is_read_whole(int length, bool announced)
    {
        var sent = new byte[length];
        new Random(7).NextBytes(sent);

        var result = await ReadAsync(sent, announced, new RequestBodyBudget());

        using var body = result.Value;
        body.Bytes.ToArray().ShouldBe(sent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Body_beyond_the_limit_is_refused_and_holds_no_memory(bool announced)
    {
        var budget = new RequestBodyBudget(2 * Limit);

        var result = await ReadAsync(new byte[Limit + 1], announced, budget);

        result.Error!.Code.ShouldBe(ErrorCode.RequestTooLarge);
        budget.TryTake(2 * Limit).ShouldBeTrue();
    }

    [Fact]
    public async Task Bodies_that_are_too_much_together_are_refused_until_one_is_let_go()
    {
        var budget = new RequestBodyBudget(Limit + (Limit / 2));
        var first = (await ReadAsync(new byte[Limit], true, budget)).Value;

        var second = await ReadAsync(new byte[Limit], true, budget);
        second.Error!.Code.ShouldBe(ErrorCode.LimitExceeded);
        second.Error.Reason.ShouldBe("RequestBodyMemoryExceeded");

        first.Dispose();
        (await ReadAsync(new byte[Limit], true, budget)).Value.Dispose();
        budget.TryTake(Limit + (Limit / 2)).ShouldBeTrue();
    }

    [Fact]
    public async Task Body_that_is_announced_and_does_not_come_costs_little()
    {
        var http = new DefaultHttpContext();
        http.Request.ContentLength = Limit;
        http.Request.Body = new MemoryStream([1, 2, 3]);
        var budget = new RequestBodyBudget(100_000);

        using var body = (await RequestBody.ReadAsync(http, "Test", Limit, budget)).Value;

        body.Bytes.Length.ShouldBe(3);
    }

    private static async Task<Result<RequestBody>> ReadAsync(byte[] sent, bool announced, RequestBodyBudget budget)
    {
        var http = new DefaultHttpContext();
        http.Request.ContentLength = announced ? sent.Length : null;
        http.Request.Body = new MemoryStream(sent);
        return await RequestBody.ReadAsync(http, "Test", Limit, budget);
    }
}
