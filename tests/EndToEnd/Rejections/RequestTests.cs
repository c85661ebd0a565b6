using System.Text;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Rejections;

/// <summary>Requests that no SDK would send.</summary>
[Collection(SharedServer.Name)]
public sealed class RequestTests(ServerFixture fixture)
{
    private LambdaClient Lambda => fixture.Lambda;

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"FunctionName\":{}}")]
    [InlineData("{\"FunctionName\":\"x\",\"Timeout\":\"no number\"}")]
    [InlineData("{\"FunctionName\":\"x\",\"MemorySize\":1e99}")]
    public async Task Body_that_is_no_request_is_refused(string body)
    {
        var answer = await Lambda.SendAsync("POST", "/2015-03-31/functions", Encoding.UTF8.GetBytes(body));
        answer.Status.ShouldBe(400, answer.ToString());
        answer.ErrorType.ShouldNotBeNull();
    }

    [Fact]
    public async Task Event_above_six_megabytes_is_refused()
    {
        await CreateAsync("large-event");
        var answer = await Lambda.InvokeAsync("large-event", $"\"{new string('x', 6 * 1024 * 1024)}\"");
        answer.Status.ShouldBe(413, answer.ToString());
        // The largest that fits is answered.
        var fits = $"\"{new string('x', (6 * 1024 * 1024) - 2)}\"";
        (await Lambda.InvokeAsync("large-event", fits)).Text.Length.ShouldBe(fits.Length);
    }

    [Fact]
    public async Task Event_that_is_no_json_is_refused()
    {
        await CreateAsync("no-json");
        foreach (var bytes in new byte[][] { [0x87, 0x9e], [0x7b], [0x22, 0xff, 0x22] })
        {
            var answer = await Lambda.SendAsync("POST", "/2015-03-31/functions/no-json/invocations", bytes);
            answer.Status.ShouldBe(400, answer.ToString());
            answer.ErrorType.ShouldBe("InvalidRequestContentException");
            answer.Message!.ShouldStartWith(
                "Could not parse request body into json: Could not parse payload into json: ");
        }
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/octet-stream")]
    [InlineData("text/plain")]
    public async Task Type_of_the_event_does_not_matter(string type)
    {
        await CreateAsync("typed");
        var answer = await Lambda.InvokeAsync("typed", """{"a":1}""", null, ("Content-Type", type));
        answer.Text.ShouldBe("""{"a":1}""", answer.ToString());
    }

    [Fact]
    public async Task Updates_at_a_time_are_all_done_or_refused_whole()
    {
        await CreateAsync("updated-at-a-time");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Lambda.SendAsync(
            "PUT", "/2015-03-31/functions/updated-at-a-time/configuration",
            new JsonObject { ["Description"] = $"number {number}", ["Timeout"] = number + 1 })));
        answers.ShouldContain(answer => answer.Status == 200);
        foreach (var refused in answers.Where(answer => answer.Status != 200))
        {
            refused.Status.ShouldBe(409, refused.ToString());
            refused.ErrorType.ShouldBe("ResourceConflictException");
            refused.Message.ShouldBe(
                "The operation cannot be performed at this time. An update is in progress for resource: "
                + "arn:aws:lambda:us-east-1:000000000000:function:updated-at-a-time");
        }

        var configuration = await Lambda.ActiveAsync("updated-at-a-time");
        var winner = int.Parse(((string)configuration["Description"]!).Split(' ')[1]);
        answers[winner].Status.ShouldBe(200);
        ((int)configuration["Timeout"]!).ShouldBe(winner + 1);
    }

    [Theory]
    [InlineData("GET", "/2015-03-31/nothing")]
    [InlineData("PATCH", "/2015-03-31/functions")]
    [InlineData("GET", "/1999-01-01/functions")]
    public async Task Unknown_operation_is_an_error_of_the_client(string method, string path)
    {
        var answer = await Lambda.SendAsync(method, path);
        answer.Status.ShouldBeInRange(400, 499, answer.ToString());
    }

    [Fact]
    public async Task Unsigned_request_is_refused()
    {
        var answer = await Lambda.SendUnsignedAsync("GET", "/2015-03-31/functions");
        answer.Status.ShouldBe(403, answer.ToString());
        answer.ErrorType.ShouldBe("MissingAuthenticationTokenException");
        (await Lambda.SendUnsignedAsync("GET", "/v1/status")).Status.ShouldBe(403);
    }

    private async Task CreateAsync(string name)
    {
        if ((await Lambda.GetAsync($"/2015-03-31/functions/{name}")).Status == 404)
        {
            await Lambda.CreateFunctionAsync(Programs.NodeFunction(name, "echo") with { MemoryMegabytes = 256 });
        }
    }
}
