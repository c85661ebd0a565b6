using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Urls;

/// <summary>Functions of streams.mjs, streams.py and Streams.cs with a URL for everybody.</summary>
internal static class StreamedFunction
{
    public static Task MakeAsync(LambdaClient lambda, string name, string handler, params (string, string)[] tags) =>
        MakeAsync(lambda, new FunctionDefinition(name, "nodejs20.x", $"streams.{handler}", Programs.Node)
        {
            TimeoutSeconds = 60, Tags = tags.ToDictionary(),
        });

    /// <summary>The function of a language: node, python or dotnet.</summary>
    public static async Task<FunctionDefinition> DefineAsync(string name, string language, string handler) =>
        language switch
        {
            "node" => new(name, "nodejs20.x", $"streams.{handler}", Programs.Node),
            "python" => new(name, "python3.11", $"streams.{handler}", Programs.Python),
            _ => await Programs.DotnetFunctionAsync(
                name, "Streams", char.ToUpperInvariant(handler[0]) + handler[1..]),
        };

    public static async Task MakeAsync(LambdaClient lambda, FunctionDefinition function, string auth = "NONE")
    {
        await lambda.CreateFunctionAsync(function);
        var url = await lambda.SendAsync(
            "POST", $"/2021-10-31/functions/{function.Name}/url", new JsonObject { ["AuthType"] = auth });
        url.Status.ShouldBe(201, url.ToString());
        if (auth == "NONE")
        {
            var permission = new JsonObject
            {
                ["StatementId"] = "everybody", ["Action"] = "lambda:InvokeFunctionUrl", ["Principal"] = "*",
                ["FunctionUrlAuthType"] = "NONE",
            };
            var permitted = await lambda.SendAsync(
                "POST", $"/2015-03-31/functions/{function.Name}/policy", permission);
            permitted.Status.ShouldBe(201, permitted.ToString());
        }
    }
}
