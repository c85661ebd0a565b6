using System.Net;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

public sealed class UnzippedSizeTests
{
    private const string Functions = "/2015-03-31/functions";
    private const string Layers = "/2018-10-31/layers";
    private const string Arn = "arn:aws:lambda:us-east-1:000000000000:layer:";

    private const string Refusal =
        "Function code combined with layers exceeds the maximum allowed size of 262144000 bytes. "
        + "The actual size is 300000000 bytes.";

    /// <summary>Each package takes 100,000,000 bytes; whether the records say so or it must be found out.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Code_and_layers_together_are_held_to_the_limit(bool recorded)
    {
        await using var server = await LambdaServer.StartAsync();
        server.Packages.KnowsSizes = recorded;
        server.Packages.SizeToTell = 100_000_000;
        await PublishAsync(server, "first");
        await PublishAsync(server, "second");
        var both = new JsonObject { ["Layers"] = new JsonArray(Arn + "first:1", Arn + "second:1") };

        var body = LambdaServer.CreateBody("one");
        body["Layers"] = both["Layers"]!.DeepClone();
        (await server.SendAsync("POST", Functions, body)).ShouldFail(400, "InvalidParameterValueException", Refusal);
        (await server.SendAsync("GET", $"{Functions}/one")).ShouldBe(HttpStatusCode.NotFound);

        await server.CreateAsync("one", new JsonObject { ["Layers"] = new JsonArray(Arn + "first:1") });
        (await server.SendAsync("PUT", $"{Functions}/one/configuration", both))
            .ShouldFail(400, "InvalidParameterValueException", Refusal);
        (await server.SendAsync("PUT", $"{Functions}/one/configuration", new JsonObject { ["Timeout"] = 5 }))
            .ShouldBe(HttpStatusCode.OK);
        await server.WhenSettledAsync("one");
        (await server.SendAsync(
            "PUT", $"{Functions}/one/configuration", new JsonObject { ["Layers"] = new JsonArray(Arn + "second:1") }))
            .ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task New_code_is_held_to_what_the_layers_leave(bool dryRun)
    {
        await using var server = await LambdaServer.StartAsync();
        server.Packages.SizeToTell = 100_000_000;
        await PublishAsync(server, "first");
        await server.CreateAsync("one", new JsonObject { ["Layers"] = new JsonArray(Arn + "first:1") });
        var before = await server.SendAsync("GET", $"{Functions}/one/configuration");

        server.Packages.SizeToTell = 200_000_000;
        (await server.SendAsync("PUT", $"{Functions}/one/code", NewCode(dryRun)))
            .ShouldFail(400, "InvalidParameterValueException", Refusal);
        (await server.SendAsync("GET", $"{Functions}/one/configuration")).Text.ShouldBe(before.Text);

        server.Packages.SizeToTell = 162_144_000;
        (await server.SendAsync("PUT", $"{Functions}/one/code", NewCode(dryRun))).ShouldBe(HttpStatusCode.OK);
    }

    private static JsonObject NewCode(bool dryRun) =>
        new() { ["ZipFile"] = LambdaServer.Zip("2"), ["DryRun"] = dryRun };

    private static async Task PublishAsync(LambdaServer server, string name) =>
        (await server.SendAsync(
            "POST",
            $"{Layers}/{name}/versions",
            new JsonObject { ["Content"] = new JsonObject { ["ZipFile"] = LambdaServer.Zip(name) } }))
            .ShouldBe(HttpStatusCode.Created);
}
