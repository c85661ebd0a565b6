using Lambent.Cli.Tests.Harness;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Verbs;

public sealed class ProvisionTests : IAsyncLifetime
{
    private const string Route = "/v1/functions/hello/provisioned";

    private const string Entry = """
        {"qualifier":"live","count":5,"requested":5,"allocated":5,"available":4,"status":"IN_PROGRESS",
        "windows":[{"from":"08:00","to":"18:00","days":"mon-fri","zone":"Europe/Berlin","count":9}]}
        """;

    private readonly CommandLine commandLine = new();
    private FakeServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await FakeServer.StartAsync();
        commandLine.ConnectTo(server);
        server.OnJson($"GET {Route}", $$"""{"function":"hello","provisioned":[{{Entry}}]}""");
        server.OnJson($"PUT {Route}/live", Entry);
        server.OnJson($"DELETE {Route}/live", "", 204);
    }

    public async ValueTask DisposeAsync()
    {
        commandLine.Dispose();
        await server.DisposeAsync();
    }

    private string Body => server.Requests.Last(request => request.Method == "PUT").Body;

    [Fact]
    public async Task Provision_withoutACount_lists()
    {
        var result = await commandLine.RunAsync("provision", "hello");

        result.Output.ShouldContain("live       5      5    4      IN_PROGRESS  9 mon-fri 08:00-18:00 Europe/Berlin");
        server.Requests.ShouldAllBe(request => request.Method == "GET");
    }

    [Fact]
    public async Task Provision_json_isOneDocument()
    {
        var result = await commandLine.RunAsync("provision", "hello", "--json");

        result.Output.ShouldStartWith("""{"schema":"lambent.provisioned/1","function":"hello","provisioned":[{""");
        result.Output.ShouldContain("\"available\":4");
    }

    [Fact]
    public async Task Provision_count_leavesTheTimes()
    {
        (await commandLine.RunAsync("provision", "hello", "--qualifier", "live", "--count", "3")).ExitCode.ShouldBe(0);

        Body.ShouldBe("""{"count":3}""");
    }

    [Fact]
    public async Task Provision_atATime_addsIt_andReplacesTheSameOne()
    {
        await commandLine.RunAsync(
            "provision", "hello", "--qualifier", "live", "--count", "3", "--from", "22:00", "--to", "06:00");
        Body.ShouldBe(
            """{"windows":[{"from":"08:00","to":"18:00","days":"mon-fri","zone":"Europe/Berlin","count":9},"""
            + """{"from":"22:00","to":"06:00","days":"daily","zone":"UTC","count":3}]}""");

        await commandLine.RunAsync(
            "provision", "hello", "--qualifier", "live", "--count", "3", "--from", "08:00", "--to", "18:00",
            "--days", "mon-fri", "--zone", "Europe/Berlin");
        Body.ShouldBe(
            """{"windows":[{"from":"08:00","to":"18:00","days":"mon-fri","zone":"Europe/Berlin","count":3}]}""");
    }

    [Fact]
    public async Task Provision_remove_deletes()
    {
        (await commandLine.RunAsync("provision", "hello", "--qualifier", "live", "--remove")).ExitCode.ShouldBe(0);

        server.Requests.ShouldContain(request => request.Method == "DELETE" && request.Path == $"{Route}/live");
    }

    [Theory]
    [InlineData("--qualifier is needed", "--count", "3")]
    [InlineData("--qualifier is needed", "--remove")]
    [InlineData("exclude each other", "--qualifier", "live", "--count", "3", "--remove")]
    [InlineData("need --count", "--qualifier", "live", "--zone", "UTC")]
    [InlineData("both --from and --to", "--qualifier", "live", "--count", "3", "--from", "08:00")]
    [InlineData("Cannot parse", "--qualifier", "live", "--count", "many")]
    public async Task Provision_thatIsWrong_saysSoWithoutAsking(string message, params string[] arguments)
    {
        var result = await commandLine.RunAsync(["provision", "hello", .. arguments]);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(message);
        server.Requests.ShouldBeEmpty();
    }
}
