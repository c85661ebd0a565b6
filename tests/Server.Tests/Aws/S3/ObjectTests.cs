using System.Text;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Aws.S3;

public sealed class ObjectTests
{
    [Fact]
    public async Task Object_is_put_read_and_deleted()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        var put = await server.CallAsync(
            "PUT", "/things/a/b%20c.txt", "hello", ("Content-Type", "text/plain"), ("x-amz-meta-Colour", "red"));
        put.Ok().Headers["ETag"].ShouldBe("\"5d41402abc4b2a76b9719d911017c592\"");

        var got = (await server.CallAsync("GET", "/things/a/b%20c.txt")).Ok();
        got.Text.ShouldBe("hello");
        got.Headers["Content-Type"].ShouldBe("text/plain");
        got.Headers["x-amz-meta-colour"].ShouldBe("red");
        got.Headers["Content-Length"].ShouldBe("5");
        var head = (await server.CallAsync("HEAD", "/things/a/b%20c.txt")).Ok();
        (head.Body.Length, head.Headers["Content-Length"]).ShouldBe((0, "5"));

        (await server.CallAsync("DELETE", "/things")).Fails(409, "BucketNotEmpty");
        (await server.CallAsync("DELETE", "/things/a/b%20c.txt")).Ok(204);
        (await server.CallAsync("DELETE", "/things/a/b%20c.txt")).Ok(204);
        (await server.CallAsync("GET", "/things/a/b%20c.txt")).Fails(404, "NoSuchKey");
        (await server.CallAsync("DELETE", "/things")).Ok(204);
        (await server.CallAsync("GET", "/things")).Fails(404, "NoSuchBucket");
        server.Contents.ShouldBeEmpty();
        server.Temporary.ShouldBeEmpty();
    }

    [Fact]
    public async Task Key_may_have_dots_slashes_and_any_letters()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        string[] keys = ["a/../b", "a//b", "/lead", "ä€😀", "plus+sign", "q?mark", "%41", "a&b=c", "x/./y"];
        foreach (var key in keys)
        {
            var path = Uri.EscapeDataString(key).Replace("%2F", "/");
            (await server.CallAsync("PUT", $"/things/{path}", key)).Ok();
            (await server.CallAsync("GET", $"/things/{path}")).Text.ShouldBe(key);
        }

        (await server.CallAsync("GET", "/things?list-type=2")).Ok().All("Key")
            .ShouldBe(keys.OrderBy(key => Encoding.UTF8.GetBytes(key), Comparer<byte[]>.Create(
                (one, other) => one.AsSpan().SequenceCompareTo(other))));
    }

    [Fact]
    public async Task Headers_that_cannot_stand_in_an_answer_break_nothing()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        (await server.CallAsync("PUT", "/things/k", "x", ("x-amz-meta-a", "1"), ("Content-Type", "text/plain"))).Ok();

        foreach (var odd in new[] { "%0D%0Ax:y", "%C3%A4", "%01" })
        {
            var got = await server.CallAsync(
                "GET", $"/things/k?response-content-disposition={odd}&response-content-type={odd}");
            got.Ok().Headers["Content-Type"].ShouldBe("text/plain");
            got.Headers.ContainsKey("x").ShouldBeFalse();
        }

        (await server.CallAsync("GET", "/things/k?partNumber=1")).Ok();
        (await server.CallAsync("GET", "/things/k?partNumber=2")).Fails(501, "NotImplemented");
    }

    [Theory]
    [InlineData("bytes=0-1", 206, "he", "bytes 0-1/5")]
    [InlineData("bytes=3-", 206, "lo", "bytes 3-4/5")]
    [InlineData("bytes=-2", 206, "lo", "bytes 3-4/5")]
    [InlineData("bytes=0-99", 206, "hello", "bytes 0-4/5")]
    [InlineData("bytes=-99", 206, "hello", "bytes 0-4/5")]
    [InlineData("bytes=5-", 416, null, "bytes */5")]
    [InlineData("bytes=-0", 416, null, "bytes */5")]
    [InlineData("bytes=2-1", 200, "hello", null)]
    [InlineData("bytes=0-0,2-2", 200, "hello", null)]
    [InlineData("rows=0-1", 200, "hello", null)]
    public async Task Range_is_read(string range, int status, string? text, string? contentRange)
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        await server.CallAsync("PUT", "/things/k", "hello");

        var got = (await server.CallAsync("GET", "/things/k", null, null, ("Range", range))).Ok(status);
        got.Headers.GetValueOrDefault("Content-Range").ShouldBe(contentRange);
        (text is null ? got.Code : got.Text).ShouldBe(text ?? "InvalidRange");
    }

    [Fact]
    public async Task Conditions_decide_about_reads_and_writes()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        const string etag = "\"5d41402abc4b2a76b9719d911017c592\"";
        (await server.CallAsync("PUT", "/things/k", "hello", ("If-None-Match", "*"))).Ok();
        (await server.CallAsync("PUT", "/things/k", "other", ("If-None-Match", "*")))
            .Fails(412, "PreconditionFailed");
        (await server.CallAsync("PUT", "/things/k", "other", ("If-Match", "\"00\""))).Fails(412, "PreconditionFailed");
        (await server.CallAsync("PUT", "/things/none", "other", ("If-Match", etag))).Fails(404, "NoSuchKey");

        Task<S3Answer> Get(string name, string value) =>
            server.CallAsync("GET", "/things/k", null, null, (name, value));
        (await Get("If-None-Match", etag)).Ok(304).Body.ShouldBeEmpty();
        (await Get("If-None-Match", "\"00\"")).Ok();
        (await Get("If-Match", etag)).Ok();
        (await Get("If-Match", "\"00\"")).Fails(412, "PreconditionFailed");
        (await Get("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")).Ok(304);
        (await Get("If-Unmodified-Since", "Thu, 01 Jan 2015 00:00:00 GMT")).Fails(412, "PreconditionFailed");
    }

    [Fact]
    public async Task Listing_pages_by_prefix_and_delimiter()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        string[] keys = ["a.txt", "b/1", "b/2", "b/c/3", "d.txt", "e/4"];
        foreach (var key in keys)
        {
            (await server.CallAsync("PUT", $"/things/{key}", "x")).Ok();
        }

        (await server.CallAsync("GET", "/things?prefix=b/")).Ok().All("Key").ShouldBe(["b/1", "b/2", "b/c/3"]);
        (await server.CallAsync("GET", "/things?start-after=b%2F2&list-type=2")).Ok()
            .All("Key").ShouldBe(["b/c/3", "d.txt", "e/4"]);

        List<string> found = [];
        var token = "";
        do
        {
            var page = (await server.CallAsync("GET", "/things?delimiter=%2F&list-type=2&max-keys=1" + token)).Ok();
            page.All("KeyCount").ShouldBe(["1"]);
            found.AddRange([.. page.All("Key"), .. page.All("CommonPrefixes")]);
            token = page.All("NextContinuationToken") is [var next]
                ? "&continuation-token=" + Uri.EscapeDataString(next)
                : "";
        }
        while (token.Length > 0);

        found.ShouldBe(["a.txt", "b/", "d.txt", "e/"]);
        var first = (await server.CallAsync("GET", "/things?delimiter=%2F&max-keys=2")).Ok();
        (first.All("NextMarker").Single(), first.All("IsTruncated").Single()).ShouldBe(("b/", "true"));
        var second = (await server.CallAsync("GET", "/things?delimiter=%2F&marker=b%2F")).Ok();
        second.All("Key").ShouldBe(["d.txt"]);
        second.All("CommonPrefixes").ShouldBe(["e/"]);
        (await server.CallAsync("GET", "/things?max-keys=0")).Ok().All("IsTruncated").ShouldBe(["false"]);
    }

    [Fact]
    public async Task Copy_keeps_or_replaces_what_is_said_of_the_bytes()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        await server.CallAsync("PUT", "/things/k", "hello", ("x-amz-meta-a", "1"), ("Content-Type", "text/plain"));

        (await server.CallAsync("PUT", "/things/copy", "", ("x-amz-copy-source", "/things/k"))).Ok();
        (await server.CallAsync("GET", "/things/copy")).Headers["x-amz-meta-a"].ShouldBe("1");
        (await server.CallAsync(
            "PUT", "/things/k", "", ("x-amz-copy-source", "things/k"), ("x-amz-metadata-directive", "REPLACE"),
            ("x-amz-meta-b", "2"))).Ok();
        var replaced = await server.CallAsync("GET", "/things/k");
        (replaced.Headers.ContainsKey("x-amz-meta-a"), replaced.Headers["x-amz-meta-b"], replaced.Text)
            .ShouldBe((false, "2", "hello"));
        (await server.CallAsync("PUT", "/things/k", "", ("x-amz-copy-source", "things/k")))
            .Fails(400, "InvalidRequest");
        (await server.CallAsync("PUT", "/things/k", "", ("x-amz-copy-source", "none/k"))).Fails(404, "NoSuchBucket");

        server.Contents.Length.ShouldBe(1);
        (await server.CallAsync("DELETE", "/things/k")).Ok(204);
        server.Contents.Length.ShouldBe(1);
        (await server.CallAsync("DELETE", "/things/copy")).Ok(204);
        server.Contents.ShouldBeEmpty();
    }

    [Fact]
    public async Task Upload_in_parts_becomes_an_object()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        var begun = (await server.CallAsync("POST", "/things/big?uploads=", "", ("x-amz-meta-a", "1"))).Ok();
        var id = begun.All("UploadId").Single();
        var large = new byte[5 * 1024 * 1024];
        Random.Shared.NextBytes(large);
        async Task<string> Part(int number, byte[] bytes) => (await server.CallAsync(
            "PUT", $"/things/big?partNumber={number}&uploadId={id}", bytes)).Ok().Headers["ETag"];

        var one = await Part(1, large);
        await Part(2, "dropped"u8.ToArray());
        var three = await Part(3, "tail"u8.ToArray());
        (await server.CallAsync("GET", $"/things/big?uploadId={id}&max-parts=2")).Ok().All("PartNumber")
            .ShouldBe(["1", "2"]);
        (await server.CallAsync("GET", "/things?uploads=")).Ok().All("UploadId").ShouldBe([id]);
        (await server.CallAsync("DELETE", "/things")).Fails(409, "BucketNotEmpty");

        static string Complete(params (int Number, string Tag)[] parts) => "<CompleteMultipartUpload>"
            + string.Concat(parts.Select(part =>
                $"<Part><PartNumber>{part.Number}</PartNumber><ETag>{part.Tag}</ETag></Part>"))
            + "</CompleteMultipartUpload>";
        Task<S3Answer> Finish(string body) => server.CallAsync("POST", $"/things/big?uploadId={id}", body);
        (await Finish(Complete((3, three), (1, one)))).Fails(400, "InvalidPartOrder");
        (await Finish(Complete((1, "\"00\"")))).Fails(400, "InvalidPart");
        (await Finish(Complete((3, three), (4, three)))).Fails(400, "InvalidPart");
        (await Finish("<CompleteMultipartUpload/>")).Fails(400, "MalformedXML");
        (await Finish(Complete((1, one), (3, three)))).Ok().All("ETag").Single().ShouldEndWith("-2\"");
        (await Finish(Complete((1, one), (3, three)))).Ok();

        var got = (await server.CallAsync("GET", "/things/big")).Ok();
        got.Body.ShouldBe([.. large, .. "tail"u8]);
        got.Headers["x-amz-meta-a"].ShouldBe("1");
        var ranged = await server.CallAsync("GET", "/things/big", null, null, ("Range", "bytes=5242879-5242881"));
        ranged.Body.ShouldBe([large[^1], (byte)'t', (byte)'a']);
        server.Contents.Length.ShouldBe(2);
        (await server.CallAsync("PUT", "/things/big", "small")).Ok();
        server.Contents.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Upload_with_a_small_part_in_between_is_refused_and_can_be_aborted()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        var id = (await server.CallAsync("POST", "/things/big?uploads=")).Ok().All("UploadId").Single();
        var target = $"/things/big?uploadId={id}";
        var one = (await server.CallAsync("PUT", $"/things/big?partNumber=1&uploadId={id}", "1")).Ok().Headers["ETag"];
        var two = (await server.CallAsync("PUT", $"/things/big?partNumber=2&uploadId={id}", "2")).Ok().Headers["ETag"];
        (await server.CallAsync(
            "POST",
            target,
            $"<CompleteMultipartUpload><Part><ETag>{one}</ETag><PartNumber>1</PartNumber></Part>"
            + $"<Part><ETag>{two}</ETag><PartNumber>2</PartNumber></Part></CompleteMultipartUpload>"))
            .Fails(400, "EntityTooSmall");
        (await server.CallAsync("DELETE", target)).Ok(204);
        (await server.CallAsync("DELETE", target)).Fails(404, "NoSuchUpload");
        (await server.CallAsync("PUT", $"/things/big?partNumber=0&uploadId={id}", "1")).Fails(400, "InvalidArgument");
        server.Contents.ShouldBeEmpty();
    }

    [Fact]
    public async Task Objects_are_deleted_together()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        await server.CallAsync("PUT", "/things/a", "1");
        await server.CallAsync("PUT", "/things/b", "2");
        var deleted = await server.CallAsync(
            "POST",
            "/things?delete=",
            "<Delete><Object><Key>a</Key></Object><Object><Key>c &amp; d</Key></Object></Delete>");
        deleted.Ok().All("Key").ShouldBe(["a", "c & d"]);
        (await server.CallAsync(
            "POST", "/things?delete=", "<Delete><Quiet>true</Quiet><Object><Key>b</Key></Object></Delete>"))
            .Ok().All("Key").ShouldBeEmpty();
        (await server.CallAsync("GET", "/things")).Ok().All("Key").ShouldBeEmpty();
    }

    [Fact]
    public async Task Sweep_removes_what_a_crash_left_and_nothing_else()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        await server.CallAsync("PUT", "/things/a", "kept");
        await server.CallAsync("PUT", "/things/b", "lost");
        var orphan = server.Contents.Length;
        await server.CallAsync("DELETE", "/things/b");
        server.LeaveOrphan("orphan");
        server.Contents.Length.ShouldBe(orphan);

        (await server.Sweeper.SweepAsync(CancellationToken.None)).ShouldBe("orphan".Length);
        (await server.CallAsync("GET", "/things/a")).Text.ShouldBe("kept");
        server.Contents.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Damaged_object_is_never_served_whole()
    {
        await using var server = await S3Server.StartAsync();
        await server.BucketAsync("things");
        await server.CallAsync("PUT", "/things/a", "hello");
        server.Damage();

        (await server.CallAsync("GET", "/things/a")).Fails(503, "ServiceUnavailable");
    }
}
