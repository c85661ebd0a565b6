using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Lambent.EndToEnd.Urls;

/// <summary>Bodies of any length pass in both directions at the pace of the slower side.</summary>
[Collection(SharedServer.Name)]
public sealed class StreamTests(ServerFixture fixture)
{
    private const int Megabyte = 1_000_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private LambdaClient Lambda => fixture.Lambda;

    [Fact]
    public async Task Reader_that_does_not_read_slows_its_handler_and_nobody_else()
    {
        const int Length = 100 * Megabyte;
        await StreamedFunction.MakeAsync(
            Lambda, "stream-slow", "firehose", ("lambent:environment-concurrency", "4"));
        await Lambda.SendUnsignedAsync("GET", "/fn/stream-slow/progress");
        var before = ResidentBytes();
        using var reader = await GetAsync($"/fn/stream-slow/?bytes={Length}");

        // Calls of the same environment are answered, and tell that the handler stands still.
        var written = -1L;
        await Deadline.PollAsync(
            () => Lambda.SendUnsignedAsync("GET", "/fn/stream-slow/progress"),
            answer =>
            {
                var now = (long)answer.Json["written"]!;
                var still = now > 0 && now == written;
                written = now;
                return still;
            },
            Patience);
        written.ShouldBeLessThan(16 * Megabyte);
        (ResidentBytes() - before).ShouldBeLessThan(20 * Megabyte);

        var (head, length) = await ReadToEndAsync(reader);
        head.ShouldContain("200 OK");
        length.ShouldBe(Length);
    }

    [Fact]
    public async Task Reader_who_leaves_is_told_to_the_handler()
    {
        await StreamedFunction.MakeAsync(
            Lambda, "stream-left", "firehose", ("lambent:environment-concurrency", "4"));
        var reader = await GetAsync("/fn/stream-left/?bytes=1000000000");
        (await reader.ReceiveAsync(new byte[1000])).ShouldBeGreaterThan(0);
        reader.Dispose();
        await Deadline.PollAsync(
            () => Lambda.SendUnsignedAsync("GET", "/fn/stream-left/progress"),
            answer => (bool)answer.Json["aborted"]! && (bool)answer.Json["ended"]!,
            Patience);
    }

    [Theory]
    [InlineData("node")]
    [InlineData("dotnet")]
    public async Task Server_sent_events_arrive_when_they_are_written(string runtime)
    {
        var path = $"/fn/stream-events-{runtime}/";
        await StreamedFunction.MakeAsync(
            Lambda, await StreamedFunction.DefineAsync($"stream-events-{runtime}", runtime, "events") with
            {
                TimeoutSeconds = 60,
                Tags = new() { ["lambent:environment-concurrency"] = "4" },
            });
        using var http = new HttpClient { BaseAddress = Lambda.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Last-Event-ID", "41");
        request.Headers.Add("Accept-Encoding", "gzip, br");
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        response.Content.Headers.ContentEncoding.ShouldBeEmpty();
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var id = 42; id < 45; id++)
        {
            // The next event is not written before this one was read: were anything held back, this would not end.
            (await events.ReadLineAsync().WaitAsync(Patience)).ShouldBe($"id: {id}");
            (await events.ReadLineAsync()).ShouldBe($"data: event {id}");
            (await events.ReadLineAsync()).ShouldBe("");
            if (id < 44)
            {
                await Lambda.SendUnsignedAsync("GET", path + "next");
            }
        }

        (await events.ReadToEndAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("node")]
    [InlineData("python")]
    [InlineData("dotnet")]
    public async Task Body_larger_than_the_memory_of_the_function_is_hashed(string name)
    {
        const int Length = 200 * Megabyte;
        await StreamedFunction.MakeAsync(
            Lambda, await StreamedFunction.DefineAsync($"upload-{name}", name, "hashes") with
            {
                MemoryMegabytes = 128,
                TimeoutSeconds = 60,
                Tags = new() { ["lambent:request-stream"] = "true" },
            });
        using var http = new HttpClient { BaseAddress = Lambda.Address };
        using var small = await http.PostAsync($"/fn/upload-{name}/", new StringContent("warm"));
        small.StatusCode.ShouldBe(HttpStatusCode.OK, await small.Content.ReadAsStringAsync());
        var before = ResidentBytes();
        using var body = new GeneratedContent(Length);
        using var answer = await http.PostAsync($"/fn/upload-{name}/a/path", body);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        var json = System.Text.Json.Nodes.JsonNode.Parse(text)!;
        ((long)json["bytes"]!).ShouldBe(Length);
        ((string?)json["sha256"]).ShouldBe(body.Sha256);
        ((string?)json["path"]).ShouldBe("/a/path");
        (ResidentBytes() - before).ShouldBeLessThan(20 * Megabyte);
    }

    [Fact]
    public async Task Python_generator_is_streamed()
    {
        await StreamedFunction.MakeAsync(
            Lambda, new FunctionDefinition("stream-python", "python3.11", "streams.counts", Programs.Python));
        var answer = await Lambda.SendUnsignedAsync("GET", "/fn/stream-python/");
        answer.Status.ShouldBe(201, answer.ToString());
        answer.Header("content-type").ShouldBe("text/plain");
        answer.Text.ShouldBe("part 0\npart 1\npart 2\n");
    }

    [Fact]
    public async Task Dotnet_handler_that_blocks_streams_at_the_pace_of_its_reader()
    {
        const int Length = 20 * Megabyte;
        await StreamedFunction.MakeAsync(
            Lambda, await StreamedFunction.DefineAsync("stream-dotnet", "dotnet", "firehose"));
        for (var round = 0; round < 2; round++)
        {
            using var reader = await GetAsync($"/fn/stream-dotnet/?bytes={Length}");
            (await ReadToEndAsync(reader)).Length.ShouldBe(Length);
        }

        await StreamedFunction.MakeAsync(
            Lambda, await StreamedFunction.DefineAsync("stream-broken", "dotnet", "breaksOff"));
        using var http = new HttpClient { BaseAddress = Lambda.Address };
        using var broken = await http.GetAsync("/fn/stream-broken/", HttpCompletionOption.ResponseHeadersRead);
        broken.StatusCode.ShouldBe(HttpStatusCode.OK);
        await Should.ThrowAsync<HttpRequestException>(() => broken.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Runtime_that_cannot_read_a_streamed_body_is_refused()
    {
        var function = Programs.ShellFunction("upload-shell", "echo");
        function.Tags["lambent:request-stream"] = "true";
        await StreamedFunction.MakeAsync(Lambda, function);
        var answer = await Lambda.SendUnsignedAsync("POST", "/fn/upload-shell/", "x"u8.ToArray());
        answer.Status.ShouldBe(501, answer.ToString());
        answer.Text.ShouldContain("lambent:request-stream");
    }

    [Fact]
    public async Task Body_that_is_not_the_signed_one_never_ends_well()
    {
        await StreamedFunction.MakeAsync(
            Lambda,
            new FunctionDefinition("upload-signed", "nodejs20.x", "streams.hashes", Programs.Node)
            {
                Tags = { ["lambent:request-stream"] = "true" },
            },
            auth: "AWS_IAM");
        (await Lambda.SendUnsignedAsync("POST", "/fn/upload-signed/", "x"u8.ToArray())).Status.ShouldBe(403);
        var right = await Lambda.SendAsync("POST", "/fn/upload-signed/", "right"u8.ToArray());
        right.Status.ShouldBe(200, right.ToString());

        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Lambda.Address, "/fn/upload-signed/"))
        {
            Content = new ByteArrayContent("wrong"u8.ToArray()),
        };
        RequestSignature.Sign(request, "right"u8.ToArray(), Lambda.Key, TimeProvider.System.GetUtcNow());
        using var answer = await http.SendAsync(request);
        answer.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
    }

    [Fact]
    public async Task Handler_may_answer_before_the_body_has_come()
    {
        await StreamedFunction.MakeAsync(Lambda, "upload-refused", "refuses", ("lambent:request-stream", "true"));
        for (var round = 0; round < 2; round++)
        {
            var answer = await Lambda.SendUnsignedAsync("POST", "/fn/upload-refused/", new byte[400_000]);
            answer.Status.ShouldBe(422, answer.ToString());
            answer.Text.ShouldBe("not wanted");
        }
    }

    /// <summary>A client of its own, because one that reads by itself has no back-pressure to show.</summary>
    private async Task<Socket> GetAsync(string path)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            ReceiveBufferSize = 64 * 1024,
        };
        await socket.ConnectAsync(IPAddress.Loopback, Lambda.Address.Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {Lambda.Address.Authority}\r\nConnection: close\r\n\r\n"));
        return socket;
    }

    /// <summary>The head, and the length of the body without the framing of its chunks.</summary>
    private static async Task<(string Head, long Length)> ReadToEndAsync(Socket socket)
    {
        using var reader = new BinaryReader(new BufferedStream(new NetworkStream(socket), 1024 * 1024));
        var head = new StringBuilder();
        for (var line = await LineAsync(); line.Length > 0; line = await LineAsync())
        {
            head.AppendLine(line);
        }

        var total = 0L;
        while (true)
        {
            var length = int.Parse(await LineAsync(), System.Globalization.NumberStyles.HexNumber);
            total += reader.ReadBytes(length).Length;
            await LineAsync();
            if (length == 0)
            {
                return (head.ToString(), total);
            }
        }

        Task<string> LineAsync()
        {
            var line = new StringBuilder();
            for (var next = reader.ReadByte(); next != '\n'; next = reader.ReadByte())
            {
                line.Append((char)next);
            }

            return Task.FromResult(line.ToString().TrimEnd('\r'));
        }
    }

    private long ResidentBytes() => File.ReadLines($"/proc/{fixture.Server.ProcessId}/status")
        .Where(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024)
        .Single();

    /// <summary>A body that is made while it is sent.</summary>
    private sealed class GeneratedContent(int length) : HttpContent
    {
        public string Sha256 { get; private set; } = "";

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var part = new byte[100_000];
            for (var sent = 0; sent < length; sent += part.Length)
            {
                Array.Fill(part, (byte)(sent / part.Length));
                hash.AppendData(part);
                await stream.WriteAsync(part);
            }

            Sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
        }

        protected override bool TryComputeLength(out long computed)
        {
            computed = length;
            return true;
        }
    }
}
