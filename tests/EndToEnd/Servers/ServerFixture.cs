namespace Lambent.EndToEnd.Servers;

/// <summary>One server for the tests of a collection. Its end is a test too: SIGTERM ends it with status 0.</summary>
public sealed class ServerFixture : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private LambentServer? server;

    internal LambentServer Server => server ?? throw new InvalidOperationException("The server did not start.");

    internal LambdaClient Lambda => Server.Root;

    public async ValueTask InitializeAsync() => server = await LambentServer.StartAsync(folder["data"]);

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (server is not null)
            {
                (await server.StopAsync()).ShouldBe(0, server.Output);
                await server.DisposeAsync();
            }
        }
        finally
        {
            folder.Dispose();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class SharedServer : ICollectionFixture<ServerFixture>
{
    public const string Name = "one server";
}

/// <summary>Apart, so that what a hostile function does to a server is not blamed on another test.</summary>
[CollectionDefinition(Name)]
public sealed class HostileServer : ICollectionFixture<ServerFixture>
{
    public const string Name = "one server for hostile functions";
}
