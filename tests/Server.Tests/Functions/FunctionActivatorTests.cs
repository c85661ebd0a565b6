using System.Text.Json.Nodes;
using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Server.Tests.Aws.Lambda;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Functions;

public sealed class FunctionActivatorTests
{
    private const string Functions = "/2015-03-31/functions";

    [Fact]
    public async Task Result_that_the_store_refuses_is_written_once_it_can_be()
    {
        await using var server = await LambdaServer.StartAsync();
        var gate = new TaskCompletionSource();
        server.Packages.Gate = gate.Task;
        await server.SendAsync("POST", Functions, LambdaServer.CreateBody("one"));

        server.Store.Refusal = new StoreException(ErrorCode.DiskFull, "The disk is full.");
        gate.SetResult();
        await server.Store.RefusedAsync();
        (await server.SendAsync("GET", $"{Functions}/one/configuration"))["State"].ShouldBe("Pending");
        server.Store.Refusal = null;

        await server.WhenSettledAsync("one");
        (await server.SendAsync("GET", $"{Functions}/one/configuration"))["State"].ShouldBe("Active");
    }

    [Fact]
    public async Task Function_deleted_while_it_is_prepared_stays_deleted()
    {
        await using var server = await LambdaServer.StartAsync();
        var gate = new TaskCompletionSource();
        server.Packages.Gate = gate.Task;
        await server.SendAsync("POST", Functions, LambdaServer.CreateBody("one"));
        await server.SendAsync("DELETE", $"{Functions}/one");

        gate.SetResult();
        await server.CreateAsync("two");

        (await server.SendAsync("GET", Functions)).Json["Functions"]!.AsArray()
            .Select(function => function!["FunctionName"]!.ToString()).ShouldBe(["two"]);
    }

    [Fact]
    public async Task Function_created_again_while_the_first_is_prepared_becomes_active_by_its_own_files()
    {
        await using var server = await LambdaServer.StartAsync();
        var gate = new TaskCompletionSource();
        server.Packages.Gate = gate.Task;
        await server.SendAsync("POST", Functions, LambdaServer.CreateBody("one"));
        await server.SendAsync("DELETE", $"{Functions}/one");
        var body = LambdaServer.CreateBody("one");
        body["Code"] = new JsonObject { ["ZipFile"] = LambdaServer.Zip("second") };
        var second = await server.SendAsync("POST", Functions, body);

        gate.SetResult();
        await server.WhenSettledAsync("one");

        var settled = await server.SendAsync("GET", $"{Functions}/one/configuration");
        settled["State"].ShouldBe("Active");
        settled["CodeSha256"].ShouldBe(second["CodeSha256"]);
    }

    [Fact]
    public async Task Failed_update_leaves_the_function_active_and_is_repaired_by_the_next_one()
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        var working = await server.SendAsync("GET", $"{Functions}/one/configuration");
        server.Packages.Failure = new IOException("broken");
        var updated = await server.SendAsync(
            "PUT", $"{Functions}/one/code", new JsonObject { ["ZipFile"] = LambdaServer.Zip("2") });
        await server.WhenSettledAsync("one");

        var failed = await server.SendAsync("GET", $"{Functions}/one/configuration");
        failed["State"].ShouldBe("Active");
        failed["LastUpdateStatus"].ShouldBe("Failed");
        failed["LastUpdateStatusReasonCode"].ShouldBe("InternalError");
        failed["CodeSha256"].ShouldBe(updated["CodeSha256"]);
        CalledCode(server).ShouldBe(working["CodeSha256"]);

        server.Packages.Failure = null;
        await server.SendAsync("PUT", $"{Functions}/one/code", new JsonObject { ["ZipFile"] = LambdaServer.Zip("3") });
        await server.WhenSettledAsync("one");
        (await server.SendAsync("GET", $"{Functions}/one/configuration"))["LastUpdateStatus"].ShouldBe("Successful");
        CalledCode(server).ShouldNotBe(working["CodeSha256"]);
    }

    private static string CalledCode(LambdaServer server) =>
        server.Functions.Directory.All().Single().Route(null, 0)!.Code.Sha256Base64;
}
