using System.Collections.Immutable;
using System.Net;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Tests.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class ProvisionedOperationsTests
{
    private const string Path = "/v1/functions/hello/provisioned";

    private const string Office = """
        {"count":1,"windows":[{"from":"07:00","to":"09:00","days":"sat","zone":"UTC","count":3}]}
        """;

    [Fact]
    public async Task Windows_are_put_shown_changed_and_deleted()
    {
        await using var server = await StartAsync();

        // It is Saturday, 08:00 UTC.
        var put = await server.SendAsync("PUT", $"{Path}/1", Office);
        put.Status.ShouldBe(HttpStatusCode.OK, put.Text);
        put.Json["requested"]!.GetValue<int>().ShouldBe(3);
        put.Json["status"]!.ToString().ShouldBe("READY");
        put.Json["nextChange"]!.GetValue<DateTimeOffset>().ShouldBe(server.Time.GetUtcNow().AddHours(1));

        await server.SendAsync("PUT", $"{Path}/1", """{"count":2}""");
        server.Time.Advance(TimeSpan.FromHours(2));
        var entry = (await server.SendAsync("GET", Path)).Json["provisioned"]!.AsArray().ShouldHaveSingleItem()!;
        entry["requested"]!.GetValue<int>().ShouldBe(2);
        entry["windows"]!.ToJsonString()
            .ShouldBe("""[{"from":"07:00","to":"09:00","days":"sat","zone":"UTC","count":3}]""");

        (await server.SendAsync("DELETE", $"{Path}/1", (string?)null)).Status.ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("GET", Path)).Json["provisioned"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1", "{}", ErrorCode.InvalidParameter, 400, "count")]
    [InlineData("1", """{"count":-1}""", ErrorCode.InvalidParameter, 400, "count")]
    [InlineData("1", """{"count":"x"}""", ErrorCode.ValidationFailed, 400, "$.count")]
    [InlineData("1", """{"windows":[null]}""", ErrorCode.InvalidParameter, 400, "from")]
    [InlineData("1", """{"windows":[{"from":"8","to":"09:00","count":1}]}""", ErrorCode.InvalidParameter, 400, "from")]
    [InlineData("1", """{"windows":[{"from":"08:00","to":"24:00","count":1}]}""",
        ErrorCode.InvalidParameter, 400, "to")]
    [InlineData("1", """{"windows":[{"from":"08:00","to":"09:00"}]}""", ErrorCode.InvalidParameter, 400, "count")]
    [InlineData("1", """{"windows":[{"from":"08:00","to":"09:00","count":1,"days":"someday"}]}""",
        ErrorCode.InvalidParameter, 400, "days")]
    [InlineData("1", """{"windows":[{"from":"08:00","to":"09:00","count":1,"zone":"../etc/passwd"}]}""",
        ErrorCode.InvalidParameter, 400, "zone")]
    [InlineData("1", """{"windows":[{"from":"08:00","to":"09:00","count":901}]}""", ErrorCode.InvalidParameter, 400,
        "ProvisionedConcurrentExecutions")]
    [InlineData("9", """{"count":1}""", ErrorCode.FunctionNotFound, 404, null)]
    [InlineData("$LATEST", """{"count":1}""", ErrorCode.InvalidParameter, 400, "Qualifier")]
    public async Task Bad_input_is_refused_and_changes_nothing(
        string qualifier, string body, ErrorCode code, int status, string? field)
    {
        await using var server = await StartAsync();

        (await server.SendAsync("PUT", $"{Path}/{qualifier}", body)).ShouldFail(status, code, field);

        (await server.SendAsync("GET", Path)).Json["provisioned"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_many_windows_are_refused()
    {
        await using var server = await StartAsync();
        var windows = string.Join(',', Enumerable.Range(0, 21)
            .Select(minute => $$"""{"from":"08:{{minute:00}}","to":"09:00","count":1}"""));

        (await server.SendAsync("PUT", $"{Path}/1", $$"""{"windows":[{{windows}}]}"""))
            .ShouldFail(400, ErrorCode.InvalidParameter, "windows");
    }

    [Fact]
    public async Task Other_account_sees_and_changes_nothing()
    {
        await using var server = await StartAsync();
        await server.SendAsync("PUT", $"{Path}/1", Office);

        (await server.SendAsync("GET", Path, (string?)null, NativeServer.Tenant))
            .ShouldFail(404, ErrorCode.FunctionNotFound);
        (await server.SendAsync("DELETE", $"{Path}/1", (string?)null, NativeServer.Tenant))
            .ShouldFail(404, ErrorCode.FunctionNotFound);
        (await server.SendAsync("GET", Path)).Json["provisioned"]!.AsArray().Count.ShouldBe(1);
    }

    private static async Task<NativeServer> StartAsync()
    {
        var server = await NativeServer.StartAsync();
        var id = TestFunctions.Id("hello");
        var added = await server.FunctionService.ChangeAsync(id, (_, _) => TestFunctions.Create(id) with
        {
            Versions = ImmutableSortedDictionary<long, FunctionVersion>.Empty.Add(1, TestFunctions.Version("1")),
        });
        added.IsSuccess.ShouldBeTrue();
        return server;
    }
}
