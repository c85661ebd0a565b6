using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Lambent.EndToEnd.Urls;

/// <summary>WebSockets through function URLs, and the API that sends to them from elsewhere.</summary>
[Collection(SharedServer.Name)]
public sealed class WebSocketTests(ServerFixture fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private LambdaClient Lambda => fixture.Lambda;

    [Fact]
    public async Task Url_that_did_not_ask_for_them_takes_none()
    {
        await StreamedFunction.MakeAsync(Lambda, "socket-off", "socket");
        var answer = await Lambda.SendUnsignedAsync(
            "GET", "/fn/socket-off/", null, ("Connection", "Upgrade"), ("Upgrade", "websocket"));
        answer.Status.ShouldBe(400);
        answer.Text.ShouldContain("lambent:websocket=true");
        using var socket = new ClientWebSocket();
        await Should.ThrowAsync<WebSocketException>(
            () => socket.ConnectAsync(Address("socket-off"), CancellationToken.None));
        ((int)socket.HttpStatusCode).ShouldBe(0);
    }

    [Fact]
    public async Task Messages_are_handled_one_at_a_time_and_answered_in_order()
    {
        await MakeAsync("socket-order");
        using var socket = await ConnectAsync("socket-order");
        for (var index = 1; index <= 6; index++)
        {
            await SendAsync(socket, $"m{index}");
        }

        for (var index = 1; index <= 6; index++)
        {
            (await ReceiveAsync(socket)).ShouldBe($"{index}:m{index}");
        }

        await SendAsync(socket, "silent");
        await socket.SendAsync(new byte[] { 0, 255, 1 }, WebSocketMessageType.Binary, true, CancellationToken.None);
        var buffer = new byte[10];
        var binary = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Patience);
        binary.MessageType.ShouldBe(WebSocketMessageType.Binary);
        buffer[..binary.Count].ShouldBe([0, 255, 1]);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", CancellationToken.None);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);
    }

    [Fact]
    public async Task Events_look_as_those_of_api_gateway()
    {
        await MakeAsync("socket-events");
        using (var socket = await ConnectAsync("socket-events", "?room=1", "chat"))
        {
            socket.SubProtocol.ShouldBe("chat");
            await SendAsync(socket, "event");
            var context = JsonNode.Parse(await ReceiveAsync(socket))!["requestContext"]!;
            ((string?)context["routeKey"]).ShouldBe("$default");
            ((string?)context["eventType"]).ShouldBe("MESSAGE");
            ((string?)context["domainName"]).ShouldBe(Lambda.Address.Authority);
            ((string?)context["identity"]!["sourceIp"]).ShouldBe("127.0.0.1");
            ((string?)context["connectionId"]).ShouldNotBeNullOrEmpty();
            ((string?)context["messageId"]).ShouldNotBeNullOrEmpty();
            await socket.CloseAsync((WebSocketCloseStatus)4001, "done", CancellationToken.None);
        }

        // The same function answers plain requests, here with what it saw.
        var seen = await Deadline.PollAsync(
            () => Lambda.SendUnsignedAsync("GET", "/fn/socket-events/"), answer => answer.Json.AsArray().Count == 2,
            Patience);
        seen.Text.ShouldBe(
            """[{"eventType":"CONNECT","routeKey":"$connect","query":{"room":"1"}},"""
            + """{"eventType":"DISCONNECT","status":4001}]""");
    }

    [Theory]
    [InlineData("403", 403)]
    [InlineData("throw", 502)]
    public async Task Handler_refuses_a_connection(string wish, int status)
    {
        await MakeAsync("socket-refuse");
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        await Should.ThrowAsync<WebSocketException>(
            () => socket.ConnectAsync(Address("socket-refuse", $"?status={wish}"), CancellationToken.None));
        ((int)socket.HttpStatusCode).ShouldBe(status);
    }

    [Fact]
    public async Task Message_above_the_limit_closes_with_1009()
    {
        await MakeAsync("socket-big");
        using var socket = await ConnectAsync("socket-big");
        await SendAsync(socket, new string('x', (128 * 1024) + 1));
        (await CloseOfAsync(socket)).ShouldBe(1009);
    }

    [Fact]
    public async Task Handler_that_fails_closes_with_1011()
    {
        await MakeAsync("socket-fails");
        using var socket = await ConnectAsync("socket-fails");
        await SendAsync(socket, "throw");
        (await CloseOfAsync(socket)).ShouldBe(1011);
    }

    [Fact]
    public async Task Url_with_authentication_wants_a_signed_upgrade()
    {
        await StreamedFunction.MakeAsync(Lambda, Function("socket-signed"), auth: "AWS_IAM");
        using var stranger = new ClientWebSocket();
        stranger.Options.CollectHttpResponseDetails = true;
        await Should.ThrowAsync<WebSocketException>(
            () => stranger.ConnectAsync(Address("socket-signed"), CancellationToken.None));
        ((int)stranger.HttpStatusCode).ShouldBe(403);

        using var socket = new ClientWebSocket();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Lambda.Address, "/fn/socket-signed/"));
        RequestSignature.Sign(request, [], Lambda.Key, TimeProvider.System.GetUtcNow());
        foreach (var (name, values) in request.Headers)
        {
            socket.Options.SetRequestHeader(name, values.Single());
        }

        await socket.ConnectAsync(Address("socket-signed"), CancellationToken.None);
        await SendAsync(socket, "hello");
        (await ReceiveAsync(socket)).ShouldBe("1:hello");
    }

    [Fact]
    public async Task Url_with_authentication_takes_a_presigned_address()
    {
        // Browsers cannot set headers on an upgrade: this is how they sign.
        ToolRun.RequireFolder("/usr/lib/python3/dist-packages/botocore", "python3-botocore");
        await StreamedFunction.MakeAsync(Lambda, Function("socket-presigned"), auth: "AWS_IAM");
        var address = new Uri(Lambda.Address, "/fn/socket-presigned/");
        var presigned = await ToolRun.RunAsync(
            "/usr/bin/python3",
            [
                "-c",
                """
                import sys
                from botocore.auth import SigV4QueryAuth
                from botocore.awsrequest import AWSRequest
                from botocore.credentials import Credentials
                request = AWSRequest(method="GET", url=sys.argv[1])
                SigV4QueryAuth(Credentials(*sys.argv[2:4]), "lambda", "us-east-1", expires=60).add_auth(request)
                print(request.url)
                """,
                address.AbsoluteUri, Lambda.Key.Id, Lambda.Key.Secret,
            ]);
        presigned.ExitCode.ShouldBe(0, presigned.Everything);
        var signed = presigned.Output.Trim().Replace("http://", "ws://");
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(new Uri(signed), CancellationToken.None);
        await SendAsync(socket, "hello");
        (await ReceiveAsync(socket)).ShouldBe("1:hello");

        using var tampered = new ClientWebSocket();
        tampered.Options.CollectHttpResponseDetails = true;
        await Should.ThrowAsync<WebSocketException>(
            () => tampered.ConnectAsync(new Uri(signed + "&more=1"), CancellationToken.None));
        ((int)tampered.HttpStatusCode).ShouldBe(403);
    }

    [Theory]
    [InlineData("/fn/socket-push-path", "socket-push-path")]
    [InlineData("", "socket-push-root")]
    public async Task Command_line_of_aws_sends_asks_and_disconnects(string path, string name)
    {
        ToolRun.Require("/usr/bin/aws", "awscli");
        await MakeAsync(name);
        using var socket = await ConnectAsync(name);
        await SendAsync(socket, "id");
        var id = await ReceiveAsync(socket);

        (await AwsAsync("post-to-connection", "--data", "pushed ä")).ExitCode.ShouldBe(0);
        (await ReceiveAsync(socket)).ShouldBe("pushed ä");
        var information = await AwsAsync("get-connection");
        information.ExitCode.ShouldBe(0, information.Everything);
        ((string?)JsonNode.Parse(information.Output)!["Identity"]!["SourceIp"]).ShouldBe("127.0.0.1");
        (await AwsAsync("delete-connection")).ExitCode.ShouldBe(0);
        (await CloseOfAsync(socket)).ShouldBe(1000);
        (await AwsAsync("post-to-connection", "--data", "late")).Everything.ShouldContain("GoneException");

        Task<ToolResult> AwsAsync(string operation, params string[] arguments)
        {
            var variables = Lambda.Key.Variables(Lambda.Address);
            variables["AWS_DEFAULT_REGION"] = "us-east-1";
            return ToolRun.RunAsync(
                "/usr/bin/aws",
                [
                    "apigatewaymanagementapi", operation, "--connection-id", id, "--cli-binary-format",
                    "raw-in-base64-out", "--endpoint-url", Lambda.Address.GetLeftPart(UriPartial.Authority) + path,
                    .. arguments,
                ],
                variables);
        }
    }

    [Theory]
    [InlineData("socket-sdk-path", "/fn/socket-sdk-path")]
    [InlineData("socket-sdk-root", null)]
    public async Task JavaScript_sdk_sends_asks_and_disconnects(string name, string? path)
    {
        var modules = await UnmodifiedClients.NodeModules.FolderAsync();
        await MakeAsync(name);
        using var socket = await ConnectAsync(name);
        await SendAsync(socket, "id");
        var id = await ReceiveAsync(socket);
        var variables = Lambda.Key.Variables(Lambda.Address);
        variables["CLIENT_MODULES"] = modules;
        var endpoint = path is null ? "" : Lambda.Address.GetLeftPart(UriPartial.Authority) + path;
        var running = ToolRun.RunAsync(
            "/usr/bin/node", [Repository.Client("node/connections.mjs"), endpoint, id], variables);
        (await ReceiveAsync(socket)).ShouldBe("pushed");
        var binary = await socket.ReceiveAsync(new byte[10], CancellationToken.None).WaitAsync(Patience);
        binary.MessageType.ShouldBe(WebSocketMessageType.Binary);
        binary.Count.ShouldBe(2);
        (await CloseOfAsync(socket)).ShouldBe(1000);
        var run = await running;
        run.ExitCode.ShouldBe(0, run.Everything);
    }

    [Fact]
    public async Task Function_sends_with_its_own_credentials()
    {
        ToolRun.RequireFolder("/usr/lib/python3/dist-packages/boto3", "python3-boto3");
        await MakeAsync("socket-function");
        await Lambda.CreateFunctionAsync(
            new FunctionDefinition("socket-pusher", "python3.11", "streams.pushes", Programs.Python)
            {
                MemoryMegabytes = 512, TimeoutSeconds = 30,
            });
        using var socket = await ConnectAsync("socket-function");
        await SendAsync(socket, "id");
        var id = await ReceiveAsync(socket);
        var pushed = await Lambda.InvokeAsync("socket-pusher", $$"""{"id":"{{id}}"}""");
        pushed.Text.ShouldBe("\"127.0.0.1\"");
        (await ReceiveAsync(socket)).ShouldBe("from a function");
    }

    [Fact]
    public async Task Strangers_send_nothing()
    {
        await MakeAsync("socket-private");
        using var socket = await ConnectAsync("socket-private");
        await SendAsync(socket, "id");
        var path = $"/fn/socket-private/@connections/{await ReceiveAsync(socket)}";
        (await Lambda.SendUnsignedAsync("POST", path, "x"u8.ToArray())).Status.ShouldBe(403);
        var wrongScope = await Lambda.SendAsync("POST", path, "x"u8.ToArray());
        wrongScope.Status.ShouldBe(403);
        wrongScope.Text.ShouldContain("execute-api");
        await SendAsync(socket, "still there");
        (await ReceiveAsync(socket)).ShouldBe("1:still there");
    }

    [Fact]
    public async Task Server_that_stops_closes_with_1001_after_the_message_under_way()
    {
        using var folder = new TemporaryFolder();
        await using var server = await LambentServer.StartAsync(folder["data"]);
        await StreamedFunction.MakeAsync(server.Root, Function("socket-stop"));
        using var socket = new ClientWebSocket();
        await socket.ConnectAsync(Address("socket-stop", address: server.Address), CancellationToken.None);
        await SendAsync(socket, "first");
        (await ReceiveAsync(socket)).ShouldBe("1:first");
        var stopping = server.StopAsync();
        (await CloseOfAsync(socket)).ShouldBe(1001);
        (await stopping).ShouldBe(0, server.Output);

        await using var next = await LambentServer.StartAsync(folder["data"]);
        var log = await next.Root.GetAsync("/v1/logs");
        log.Text.ShouldContain("disconnected 1001");
    }

    private static FunctionDefinition Function(string name) =>
        new(name, "nodejs20.x", "streams.socket", Programs.Node)
        {
            TimeoutSeconds = 30, Tags = { ["lambent:websocket"] = "true" },
        };

    /// <summary>Made once for a theory's rows.</summary>
    private async Task MakeAsync(string name)
    {
        if ((await Lambda.GetAsync($"/2021-10-31/functions/{name}/url")).Status != 200)
        {
            await StreamedFunction.MakeAsync(Lambda, Function(name));
        }
    }

    private Uri Address(string name, string query = "", Uri? address = null) =>
        new($"ws://{(address ?? Lambda.Address).Authority}/fn/{name}/{query}");

    private async Task<ClientWebSocket> ConnectAsync(string name, string query = "", string? subprotocol = null)
    {
        var socket = new ClientWebSocket();
        if (subprotocol is not null)
        {
            socket.Options.AddSubProtocol("other");
            socket.Options.AddSubProtocol(subprotocol);
        }

        await socket.ConnectAsync(Address(name, query), CancellationToken.None).WaitAsync(Patience);
        return socket;
    }

    private static Task SendAsync(WebSocket socket, string text) =>
        socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, CancellationToken.None);

    private static async Task<string> ReceiveAsync(WebSocket socket)
    {
        var buffer = new byte[256 * 1024];
        var length = 0;
        while (true)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), CancellationToken.None).AsTask()
                .WaitAsync(Patience);
            received.MessageType.ShouldBe(WebSocketMessageType.Text, socket.CloseStatusDescription);
            length += received.Count;
            if (received.EndOfMessage)
            {
                return Encoding.UTF8.GetString(buffer, 0, length);
            }
        }
    }

    /// <summary>The status that the server closes with; answered as the protocol wants it.</summary>
    private static async Task<int> CloseOfAsync(WebSocket socket)
    {
        var received = await socket.ReceiveAsync(new byte[1024].AsMemory(), CancellationToken.None).AsTask()
            .WaitAsync(Patience);
        received.MessageType.ShouldBe(WebSocketMessageType.Close);
        await socket.CloseOutputAsync(socket.CloseStatus!.Value, "", CancellationToken.None);
        return (int)socket.CloseStatus!.Value;
    }
}
