using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Lambent.Server.Tests.Access;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.S3;

public sealed class AccessTests
{
    [Fact]
    public async Task Bucket_of_one_account_is_not_there_for_another()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        await server.CallAsync("PUT", "/things/k", "mine");
        var other = (await server.Accounts.CreateAsync("other", AccountId.Parse("111122223333"))).Value;
        var credentials = AccessServer.Credentials(other.Key);

        (await server.CallAsync("GET", "/things/k", null, credentials)).Fails(404, "NoSuchBucket");
        (await server.CallAsync("PUT", "/things/k", null, credentials)).Fails(404, "NoSuchBucket");
        (await server.CallAsync("GET", "/", null, credentials)).Ok().All("Name").ShouldBeEmpty();
        (await server.CallAsync("PUT", "/things", null, credentials)).Ok();
        (await server.CallAsync("DELETE", "/things/k", null, credentials)).Ok(204);
        (await server.CallAsync("GET", "/things/k")).Text.ShouldBe("mine");
        (await server.CallAsync("PUT", "/things")).Fails(409, "BucketAlreadyOwnedByYou");
        (await server.Accounts.DeleteAsync(other.Account.Id)).Error!.Message.ShouldContain("buckets");
    }

    [Fact]
    public async Task Function_reads_and_writes_objects_and_changes_no_buckets()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        var session = server.Session("worker");

        (await server.CallAsync("PUT", "/things/k", "x"u8.ToArray(), session)).Ok();
        (await server.CallAsync("GET", "/things/k", null, session)).Ok();
        (await server.CallAsync("GET", "/things", null, session)).Ok();
        (await server.CallAsync("PUT", "/more", null, session)).Fails(403, "AccessDenied");
        (await server.CallAsync("DELETE", "/things", null, session)).Fails(403, "AccessDenied");
    }

    [Fact]
    public async Task Body_that_is_not_what_was_signed_is_refused()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        var hash = Convert.ToHexStringLower(SHA256.HashData("other"u8));

        (await server.SendAsync("PUT", "/things/k", "body"u8.ToArray(), hash)).Fails(400, "XAmzContentSHA256Mismatch");
        (await server.SendAsync("PUT", "/things/k", "body"u8.ToArray(), "UNSIGNED-PAYLOAD")).Ok();
        (await server.SendAsync("PUT", "/things/k", "body"u8.ToArray(), "STREAMING-OTHER"))
            .Fails(400, "AuthorizationHeaderMalformed");
        (await server.CallAsync("PUT", "/things/k", "body", ("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA==")))
            .Fails(400, "BadDigest");
        (await server.CallAsync("PUT", "/things/k", "body", ("Content-MD5", "x"))).Fails(400, "InvalidDigest");
        (await server.CallAsync("PUT", "/things/k", "body", ("x-amz-checksum-crc32", "AAAAAA==")))
            .Fails(400, "BadDigest");
        server.Contents.Length.ShouldBe(1);
        server.Temporary.ShouldBeEmpty();
    }

    /// <summary>The published check values of "123456789".</summary>
    [Theory]
    [InlineData("crc32", "CBF43926")]
    [InlineData("crc32c", "E3069283")]
    [InlineData("crc64nvme", "AE8B14860A799888")]
    [InlineData("sha1", "F7C3BC1D808E04732ADF679965CCC34CA7AE3441")]
    [InlineData("sha256", "15E2B0D3C33891EBB0F1EF609EC419420C20E320CE94C65FBC8C3312448EB225")]
    public async Task Checksum_is_compared_and_given_back(string algorithm, string hexadecimal)
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        var header = $"x-amz-checksum-{algorithm}";
        var value = Convert.ToBase64String(Convert.FromHexString(hexadecimal));

        (await server.CallAsync("PUT", "/things/k", "123456789", (header, value))).Ok();
        var got = await server.CallAsync("GET", "/things/k", null, null, ("x-amz-checksum-mode", "ENABLED"));
        got.Headers[header].ShouldBe(value);
        (await server.CallAsync("GET", "/things/k")).Headers.ContainsKey(header).ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "")]
    [InlineData(true, "chunk")]
    [InlineData(true, "trailer")]
    [InlineData(false, "checksum")]
    [InlineData(false, "length")]
    [InlineData(false, "size")]
    public async Task Chunked_body_is_taken_apart_and_checked(bool isSigned, string fault)
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        var kind = isSigned ? SignatureNames.SignedChunksWithTrailer : SignatureNames.UnsignedChunksWithTrailer;
        var (body, seed) = Chunked(server, isSigned, kind, fault);
        var answer = await S3Server.SendAsync(seed);
        var code = fault switch
        {
            "" => null,
            "checksum" => "BadDigest",
            "length" or "size" => "IncompleteBody",
            _ => "SignatureDoesNotMatch",
        };
        answer.Code.ShouldBe(code, $"{answer.Text} {body.Length}");
        if (code is null)
        {
            (await server.CallAsync("GET", "/things/k")).Text.ShouldBe("123456789");
            return;
        }

        (await server.CallAsync("GET", "/things/k")).Fails(404, "NoSuchKey");
        server.Contents.ShouldBeEmpty();
    }

    [Fact]
    public async Task Presigned_address_reads_and_writes_until_it_expires()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        var signer = new RequestSigner(
            AccessServer.Credentials(server.Root), S3Server.Region, "s3", PathRule.Verbatim);
        Uri Address(string method, string query) => signer.Presign(
            method,
            new Uri($"{server.Address}/things/k{query}"),
            TimeSpan.FromMinutes(1),
            server.Time.GetUtcNow(),
            SignatureNames.UnsignedPayload);
        async Task<S3Answer> Send(HttpMethod method, Uri address, string? body)
        {
            using var request = new HttpRequestMessage(method, address);
            request.Content = body is null ? null : new StringContent(body);
            return await S3Server.SendAsync(request);
        }

        (await Send(HttpMethod.Put, Address("PUT", ""), "written")).Ok();
        var read = Address("GET", "?response-content-type=text%2Fhtml");
        var got = (await Send(HttpMethod.Get, read, null)).Ok();
        (got.Text, got.Headers["Content-Type"]).ShouldBe(("written", "text/html"));
        (await Send(HttpMethod.Delete, read, null)).Fails(403, "SignatureDoesNotMatch");
        (await Send(HttpMethod.Get, new Uri(read + "0"), null)).Fails(403, "SignatureDoesNotMatch");
        server.Time.Shift += TimeSpan.FromMinutes(2);
        (await Send(HttpMethod.Get, read, null)).Fails(403, "AccessDenied");
        var old = new Uri($"{server.Address}/things/k?AWSAccessKeyId=A&Signature=b&Expires=1");
        (await Send(HttpMethod.Get, old, null)).Fails(400, "InvalidRequest");
    }

    [Fact]
    public async Task Generated_requests_never_fail_the_server()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        await server.CallAsync("PUT", "/things/k", "hello");
        var random = new Random(7);
        string[] methods = ["GET", "PUT", "POST", "DELETE", "HEAD", "PATCH", "OPTIONS"];
        string[] paths =
        [
            "/", "//", "/things", "/things/", "/things/k", "/Things", "/..", "/things/%FF", "/things/%zz", "/%00",
            "/things/" + new string('k', 1_100), "/a", "/things/k/", "/things/%2e%2e/k",
        ];
        string[] queries =
        [
            "list-type=2", "max-keys=-1", "max-keys=x", "continuation-token=%00", "continuation-token=AA==", "uploads=",
            "uploadId=x", "partNumber=1", "partNumber=99999999999", "delete=", "delimiter=%F0%9F%98%80",
            "prefix=%ED%A0%80",
            "encoding-type=x", "encoding-type=url", "acl=", "location=", "versionId=1", "marker=k", "start-after=%FF",
            "max-uploads=2",
            "key-marker=z", "part-number-marker=x", "response-content-type=%0D%0Aa", "delimiter=", "tagging=",
        ];
        (string, string)[] headers =
        [
            ("x-amz-copy-source", "%"), ("x-amz-copy-source", "/things/k"), ("x-amz-copy-source-range", "bytes=9-1"),
            ("Range", "bytes=9999999999999999999-"), ("Range", "bytes=--"), ("If-Match", "*"), ("If-None-Match", "\"x"),
            ("If-Modified-Since", "never"), ("x-amz-acl", "public-read"), ("x-amz-meta-a", new string('m', 3_000)),
            ("x-amz-checksum-sha256", "?"), ("x-amz-storage-class", "GLACIER"), ("x-amz-tagging", "a=b"),
            ("x-amz-decoded-content-length", "-1"), ("x-amz-trailer", "x-amz-checksum-crc32"),
        ];
        string[] bodies =
        [
            "", "<", "<Delete/>", "<Delete><Object/></Delete>", "<!DOCTYPE a [<!ENTITY b 'c'>]><Delete>&b;</Delete>",
            "<CompleteMultipartUpload><Part><PartNumber>x</PartNumber></Part></CompleteMultipartUpload>", "\0",
            "<CreateBucketConfiguration><LocationConstraint>mars</LocationConstraint></CreateBucketConfiguration>",
        ];
        string[] kinds =
        [
            "", SignatureNames.UnsignedPayload, SignatureNames.UnsignedChunksWithTrailer, SignatureNames.SignedChunks,
        ];
        for (var round = 0; round < 1_500; round++)
        {
            var query = string.Join('&', Enumerable.Range(0, random.Next(3)).Select(_ => Pick(queries)));
            var target = Pick(paths) + (query.Length > 0 ? "?" + query : "");
            var body = Encoding.UTF8.GetBytes(Pick(bodies));
            var kind = Pick(kinds);
            var answer = await server.SendAsync(
                Pick(methods),
                target,
                body,
                kind.Length > 0 ? kind : Convert.ToHexStringLower(SHA256.HashData(body)),
                null,
                [.. Enumerable.Range(0, random.Next(3)).Select(_ => Pick(headers)).DistinctBy(header => header.Item1)]);
            var status = (int)answer.Status;
            (status < 500 || answer.Code == "NotImplemented" || status == 501).ShouldBeTrue(
                $"{target}: {status} {answer.Text}");
        }

        T Pick<T>(T[] from) => from[random.Next(from.Length)];
    }

    /// <summary>A PUT of "123456789" in chunks, with one fault.</summary>
    private static (byte[] Body, HttpRequestMessage Request) Chunked(
        S3Server server, bool isSigned, string kind, string fault)
    {
        var credentials = AccessServer.Credentials(server.Root);
        var now = server.Time.GetUtcNow();
        var uri = new Uri($"{server.Address}/things/k");
        List<KeyValuePair<string, string>> headers =
        [
            new("host", uri.Authority),
            new("x-amz-date", SigningTime.ToText(now)),
            new("x-amz-content-sha256", kind),
            new("x-amz-decoded-content-length", fault == "length" ? "10" : "9"),
            new("x-amz-trailer", "x-amz-checksum-crc32"),
        ];
        var authorization = new RequestSigner(credentials, S3Server.Region, "s3", PathRule.Verbatim)
            .Authorize("PUT", "/things/k", "", headers, kind, now);
        var time = SigningTime.ToText(now);
        var key = SigningKey.Derive(credentials.Secret, time[..8], S3Server.Region, "s3");
        var signer = new ChunkSigner(key, time, authorization.Split("Signature=")[1]);
        var text = new StringBuilder();
        foreach (var chunk in new[] { "12345", "6789", "" })
        {
            var signature = signer.SignChunk(SHA256.HashData(Encoding.ASCII.GetBytes(chunk)));
            var sent = fault == "chunk" && chunk == "6789" ? "6780" : chunk;
            text.Append(fault == "size" && chunk == "6789" ? "zz" : chunk.Length.ToString("x"))
                .Append(isSigned ? $";chunk-signature={signature}" : "")
                .Append("\r\n").Append(sent).Append(chunk.Length > 0 ? "\r\n" : "");
        }

        var trailer = "x-amz-checksum-crc32:" + (fault == "checksum" ? "AAAAAA==" : "y/Q5Jg==");
        text.Append(trailer).Append("\r\n");
        if (isSigned)
        {
            var signature = signer.SignTrailer(SHA256.HashData(Encoding.ASCII.GetBytes(trailer + "\n")));
            text.Append("x-amz-trailer-signature:").Append(fault == "trailer" ? new string('0', 64) : signature)
                .Append("\r\n");
        }

        var body = Encoding.ASCII.GetBytes(text.Append("\r\n").ToString());
        var request = new HttpRequestMessage(HttpMethod.Put, uri) { Content = new ByteArrayContent(body) };
        foreach (var (name, value) in headers.Skip(1).Append(new("Authorization", authorization)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return (body, request);
    }
}
