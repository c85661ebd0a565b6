using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.Lambda;

/// <summary>Whatever comes in, the answer is an error of the caller, and the server goes on.</summary>
public sealed class HostileRequestTests
{
    private const string Functions = "/2015-03-31/functions";

    public static TheoryData<string> Bodies() =>
    [
        "null", "[]", "1", "\"text\"", "true", "{", "}", "", " ", "{\"a\":", "{\"FunctionName\":}", "nul",
        "{\"FunctionName\":\"\\ud800\"}", "{\"FunctionName\":\"a\\u0000b\"}", "{\"FunctionName\":{}}",
        "{\"FunctionName\":[]}", "{\"FunctionName\":1}", "{\"Code\":[]}", "{\"Code\":{\"ZipFile\":1}}",
        "{\"Code\":{\"ZipFile\":{}}}", "{\"Layers\":{}}", "{\"Layers\":[{}]}", "{\"Layers\":[1]}",
        "{\"Environment\":[]}", "{\"Environment\":{\"Variables\":[]}}", "{\"Tags\":[]}", "{\"Tags\":{\"a\":1}}",
        "{\"Timeout\":99999999999999999999}", "{\"Timeout\":1.5}", "{\"Timeout\":-0}", "{\"Timeout\":NaN}",
        "{\"VpcConfig\":7}", "{\"ImageConfig\":\"x\"}", "{\"FileSystemConfigs\":{}}", "{\"DurableConfig\":[]}",
        "{\"Architectures\":\"x86_64\"}", "{\"Architectures\":[[]]}", "{\"Publish\":1}", "\ufeff{}", "{}{}",
        "{\"FunctionName\":\"a\",\"FunctionName\":\"b\"}", "{\"FunctionName\":\"é漢字🙂\"}", "// comment",
        "{\"FunctionName\":\"a\",}", "{'FunctionName':'a'}", "<xml/>",
        new string('[', 100_000), "{\"a\":" + new string('[', 5_000) + new string(']', 5_000) + "}",
        "{\"Description\":\"" + new string('x', 300_000) + "\"}", "{\"" + new string('k', 300_000) + "\":1}",
        "{\"Handler\":\"" + new string('h', 300_000) + "\"}", "{\"Runtime\":\"" + new string('r', 300_000) + "\"}",
    ];

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Body_never_breaks_an_operation(string body)
    {
        await using var server = await LambdaServer.StartAsync();
        await server.CreateAsync("one");
        foreach (var (method, path) in new[]
        {
            (HttpMethod.Post, Functions),
            (HttpMethod.Put, $"{Functions}/one/code"),
            (HttpMethod.Put, $"{Functions}/one/configuration"),
            (HttpMethod.Post, $"{Functions}/one/versions"),
            (HttpMethod.Post, $"{Functions}/one/aliases"),
            (HttpMethod.Put, $"{Functions}/one/aliases/live"),
            (HttpMethod.Post, "/2018-10-31/layers/tools/versions"),
            (HttpMethod.Post, "/2018-10-31/layers/tools/versions/1/policy"),
        })
        {
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            var answer = await server.SendAsync(method, path, content);

            ((int)answer.Status).ShouldBeLessThan(500, $"{method} {path}: {answer.Text}");
            answer.Text.Length.ShouldBeLessThan(10_000, $"{method} {path}");
            JsonNode.Parse(answer.Text).ShouldNotBeNull();
            await server.WhenSettledAsync("one");
        }
    }

    [Fact]
    public async Task Body_that_is_not_text_is_unreadable()
    {
        await using var server = await LambdaServer.StartAsync();
        using var content = new ByteArrayContent([0x7B, 0x22, 0xFF, 0xFE, 0x00, 0x22, 0x3A, 0x31, 0x7D]);

        (await server.SendAsync(HttpMethod.Post, Functions, content)).ShouldFail(400, "SerializationException", "");
    }

    public static TheoryData<string> Names() =>
    [
        "%00", "%0a", "..%2f..", "%2e%2e", "a%2fb", "%ff%fe", "a b", "a;b", "a?b=c", "a:b:c:d:e:f:g:h", ":", "::::::::",
        "%F0%9F%99%82", new string('a', 7_000), "arn:aws:lambda", "arn:aws:lambda:us-east-1:1:function:x",
        "arn:aws:lambda:us-east-1:000000000000:function:", "%25", "$LATEST", "a:$LATEST", "-", "_",
        "٠١٢٣٤٥٦٧٨٩٠١:function:x",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Name_never_breaks_an_operation(string name)
    {
        await using var server = await LambdaServer.StartAsync();
        foreach (var (method, path) in new[]
        {
            ("GET", $"{Functions}/{name}"),
            ("GET", $"{Functions}/{name}/configuration"),
            ("PUT", $"{Functions}/{name}/code"),
            ("DELETE", $"{Functions}/{name}"),
            ("GET", $"{Functions}/{name}/versions"),
            ("GET", $"{Functions}/x/aliases/{name}"),
            ("DELETE", $"{Functions}/x/aliases/{name}"),
            ("GET", $"{Functions}/x?Qualifier={name}"),
            ("GET", $"/2018-10-31/layers/{name}/versions"),
            ("GET", $"/2018-10-31/layers/{name}/versions/{name}"),
            ("DELETE", $"/2018-10-31/layers/x/versions/1/policy/{name}"),
            ("GET", $"/2018-10-31/layers?find=LayerVersion&Arn={name}"),
        })
        {
            ((int)(await server.SendAsync(method, path)).Status).ShouldBeLessThan(500, $"{method} {path}");
        }
    }

    [Fact]
    public async Task Body_beyond_the_limit_is_refused_with_the_limit_named()
    {
        await using var server = await LambdaServer.StartAsync();
        using var content = new ByteArrayContent(new byte[Limits.CreateFunctionRequestBytesMax + 1]);

        (await server.SendAsync(HttpMethod.Post, Functions, content)).ShouldFail(
            413,
            "RequestEntityTooLargeException",
            "Request must be smaller than 70167211 bytes for the CreateFunction operation");
        (await server.SendAsync("GET", Functions)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Body_of_an_unknown_caller_is_not_looked_at()
    {
        await using var server = await LambdaServer.StartAsync();
        using var content = new ByteArrayContent(new byte[Limits.CreateFunctionRequestBytesMax + 1]);

        (await server.SendAsync(HttpMethod.Post, Functions, content, LambdaServer.Stranger))
            .ShouldFail(403, "UnrecognizedClientException", "The security token included in the request is invalid.");
    }

    [Fact]
    public async Task Body_of_unknown_length_is_refused_once_it_is_too_long()
    {
        await using var server = await LambdaServer.StartAsync();
        using var content = new StreamContent(new EndlessStream(2 * Limits.MiB));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");

        (await server.SendAsync(HttpMethod.Post, $"{Functions}/one/versions", content)).ShouldFail(
            413, "RequestEntityTooLargeException", "Request must be smaller than 1048576 bytes for the PublishVersion");
    }

    [Fact]
    public async Task Zip_file_beyond_the_limit_is_refused()
    {
        await using var server = await LambdaServer.StartAsync();
        var body = LambdaServer.CreateBody("one");
        body["Code"]!["ZipFile"] = Convert.ToBase64String(new byte[Limits.ZippedPackageBytesMax + 1]);

        (await server.SendAsync("POST", Functions, body)).ShouldFail(
            413, "RequestEntityTooLargeException", "Zipped size must be smaller than 52428800 bytes");
    }

    [Fact]
    public async Task Caller_that_leaves_in_the_middle_of_a_body_leaves_nothing_behind()
    {
        await using var server = await LambdaServer.StartAsync();
        var address = new Uri(server.Address);
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(address.Host, address.Port);
            var head = $"POST {Functions} HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n{{\"FunctionName\":";
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        }

        (await server.SendAsync("GET", Functions))["Functions"].ShouldBe("[]");
    }

    [Fact]
    public async Task Content_type_does_not_matter()
    {
        await using var server = await LambdaServer.StartAsync();
        using var content = new StringContent(
            LambdaServer.CreateBody("one").ToJsonString(), Encoding.UTF8, "application/x-amz-json-1.1");

        (await server.SendAsync(HttpMethod.Post, $"{Functions}/", content)).ShouldBe(HttpStatusCode.Created);
    }

    /// <summary>Zeros, without saying how many.</summary>
    private sealed class EndlessStream(long length) : Stream
    {
        private long left = length;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(left, count);
            left -= read;
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
