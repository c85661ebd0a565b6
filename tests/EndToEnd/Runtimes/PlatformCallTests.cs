namespace Lambent.EndToEnd.Runtimes;

/// <summary>A function calls the platform with its environment's credentials, by the unmodified SDK.</summary>
[Collection(SharedServer.Name)]
public sealed class PlatformCallTests(ServerFixture fixture)
{
    [Fact]
    public async Task Function_calls_another_function_with_its_own_credentials()
    {
        var modules = await UnmodifiedClients.NodeModules.FolderAsync();
        var lambda = fixture.Lambda;
        await lambda.CreateFunctionAsync(Programs.NodeFunction("called", "hello"));
        var package = ZipPackage.OfBytes(Modules(modules)
            .Append(("index.mjs", await File.ReadAllBytesAsync(Repository.Function("node/caller.mjs")))));
        await lambda.CreateFunctionAsync(new FunctionDefinition("caller", "nodejs20.x", "index.handler", package)
        {
            MemoryMegabytes = 512, TimeoutSeconds = 20,
        });

        var answer = await lambda.InvokeAsync("caller", """{"function":"called","payload":{"name":"a function"}}""");
        answer.Ok().ToJsonString().ShouldBe("""{"status":200,"answer":{"hello":"a function"}}""");
        var missing = await lambda.InvokeAsync("caller", """{"function":"not-there","payload":{}}""");
        ((string?)missing.Ok()["error"]).ShouldBe("ResourceNotFoundException", missing.ToString());
    }

    /// <summary>What the SDK needs when it runs: not its type declarations, nor its other build.</summary>
    private static IEnumerable<(string Name, byte[] Content)> Modules(string folder) => Directory
        .EnumerateFiles(Path.Combine(folder, "node_modules"), "*", SearchOption.AllDirectories)
        .Where(file => !file.Contains("/dist-types/") && !file.Contains("/.bin/"))
        .Where(file => Path.GetExtension(file) is not (".ts" or ".map"))
        .Select(file => (Path.GetRelativePath(folder, file), File.ReadAllBytes(file)));
}
