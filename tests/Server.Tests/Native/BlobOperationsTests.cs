using System.Net;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Lambent.Kernel.Storage;
using Lambent.Server.Native;
using Lambent.Server.Tests.Aws.Lambda;
using Lambent.Server.Tests.Functions;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class BlobOperationsTests
{
    private static readonly byte[] Zip = Convert.FromBase64String(LambdaServer.Zip("exports.handler = 1"));

    [Fact]
    public async Task Blob_is_stored_listed_and_deleted()
    {
        await using var server = await NativeServer.StartAsync();

        var put = await PutAsync(server, "/v1/blobs/bucket/folder/one.zip");
        put.Status.ShouldBe(HttpStatusCode.Created);
        put.Json.AsObject().Select(member => member.Key)
            .ShouldBe(["bucket", "key", "digest", "sizeBytes", "createdAt", "eTag"]);
        put.Json["key"]!.ToString().ShouldBe("folder/one.zip");
        put.Json["sizeBytes"]!.GetValue<long>().ShouldBe(Zip.Length);
        await PutAsync(server, "/v1/blobs/bucket/two.zip");

        (await Keys(server, "/v1/blobs/bucket")).ShouldBe(["folder/one.zip", "two.zip"]);
        (await Keys(server, "/v1/blobs/bucket?after=folder/one.zip")).ShouldBe(["two.zip"]);
        (await Keys(server, "/v1/blobs/bucket?prefix=f")).ShouldBe(["folder/one.zip"]);
        (await server.SendAsync("GET", "/v1/blobs/other")).ShouldFail(404, ErrorCode.BucketNotFound, "other");
        (await server.SendAsync("GET", "/v1/blobs/bucket/folder/one.zip")).Body.ShouldBe(Zip);
        var buckets = await server.SendAsync("GET", "/v1/blobs");
        buckets.Json["buckets"]!.AsArray().Select(bucket => bucket!["name"]!.ToString()).ShouldBe(["bucket"]);

        (await server.SendAsync("DELETE", "/v1/blobs/bucket/two.zip")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("DELETE", "/v1/blobs/bucket/two.zip"))
            .ShouldFail(404, ErrorCode.ObjectNotFound, "two.zip");
    }

    [Fact]
    public async Task Blob_of_one_account_is_not_there_for_another()
    {
        await using var server = await NativeServer.StartAsync();
        await PutAsync(server, "/v1/blobs/bucket/one.zip");

        (await server.SendAsync("GET", "/v1/blobs/bucket/one.zip", (string?)null, NativeServer.Tenant))
            .ShouldFail(404, ErrorCode.BucketNotFound, "bucket");
        (await server.SendAsync("DELETE", "/v1/blobs/bucket/one.zip", (string?)null, NativeServer.Tenant))
            .ShouldFail(404, ErrorCode.BucketNotFound, "bucket");
        (await Keys(server, "/v1/blobs/bucket")).ShouldBe(["one.zip"]);
    }

    [Fact]
    public async Task Blob_may_be_anything_and_has_a_name()
    {
        await using var server = await NativeServer.StartAsync();

        (await PutAsync(server, "/v1/blobs/bucket/one.txt", "no zip"u8.ToArray())).Status
            .ShouldBe(HttpStatusCode.Created);
        (await PutAsync(server, $"/v1/blobs/{new string('b', 64)}/one.zip"))
            .ShouldFail(400, ErrorCode.BucketNameInvalid, new string('b', 64));
        (await PutAsync(server, $"/v1/blobs/bucket/{new string('k', 1_025)}"))
            .ShouldFail(400, ErrorCode.InvalidParameter, "Key");
        (await PutAsync(server, "/v1/blobs/bucket/")).ShouldFail(400, ErrorCode.InvalidParameter, "Key");

        (await Keys(server, "/v1/blobs/bucket")).ShouldBe(["one.txt"]);
    }

    [Fact]
    public async Task Blob_is_saved_by_a_browser_and_never_shown()
    {
        await using var server = await NativeServer.StartAsync();
        using var page = new StringContent("<script>", System.Text.Encoding.UTF8, "text/html");
        await server.SendAsync("PUT", "/v1/blobs/bucket/a/p\"ä.html", page);

        var got = await server.SendAsync("GET", "/v1/blobs/bucket/a/p\"ä.html", (string?)null);
        got.ContentType.ShouldBe("text/html");
        got.Headers["X-Content-Type-Options"].ShouldBe("nosniff");
        got.Headers["Content-Security-Policy"].ShouldStartWith("sandbox ");
        got.Disposition.ShouldBe("attachment; filename=\"p__.html\"");
    }

    [Fact]
    public async Task Blob_for_which_the_disk_has_no_room_is_refused()
    {
        await using var server = await NativeServer.StartAsync();
        server.Store.Refusal = new StoreException(ErrorCode.DiskFull, "The disk is full.");

        (await PutAsync(server, "/v1/blobs/bucket/one.zip")).ShouldFail(503, ErrorCode.DiskFull);
    }

    [Fact]
    public async Task Package_is_given_to_the_account_that_uses_it_and_to_no_other()
    {
        await using var server = await NativeServer.StartAsync();
        var digest = (await server.Packages.AddAsync(Zip)).Value.Digest;
        var function = TestFunctions.Create(TestFunctions.Id("hello"));
        await server.Store.WriteAsync<Done>(transaction =>
        {
            var code = new PackageReference(digest, Zip.Length);
            transaction.Functions.Put(null, function with { Latest = function.Latest with { Code = code } });
            return Done.Value;
        });

        var found = await server.SendAsync("GET", $"/v1/packages/{digest}");
        found.ContentType.ShouldBe("application/zip");
        found.Body.ShouldBe(Zip);

        (await server.SendAsync("GET", $"/v1/packages/{digest}", (string?)null, NativeServer.Tenant))
            .ShouldFail(404, ErrorCode.ResourceNotFound, "digest");
    }

    [Fact]
    public async Task Layer_is_given_to_those_its_policy_names_and_only_by_its_own_name()
    {
        await using var server = await NativeServer.StartAsync();
        var digest = (await server.Packages.AddAsync(Zip)).Value.Digest;
        await PutLayerAsync(server, "shared", digest, NativeServer.Tenant);
        await PutLayerAsync(server, "other", new string('0', 64), NativeServer.Tenant);
        await PutLayerAsync(server, "private", digest, null);
        var shared = PackageLinks.Address(digest, Arn("shared"));

        var found = await server.SendAsync("GET", shared, (string?)null, NativeServer.Tenant);
        found.Status.ShouldBe(HttpStatusCode.OK);
        found.Body.ShouldBe(Zip);

        foreach (var path in new[]
        {
            $"/v1/packages/{digest}", PackageLinks.Address(digest, Arn("other")),
            PackageLinks.Address(digest, Arn("private")), PackageLinks.Address(digest, Arn("missing")),
            PackageLinks.Address(digest, "nonsense"), shared + "9",
        })
        {
            (await server.SendAsync("GET", path, (string?)null, NativeServer.Tenant))
                .ShouldFail(404, ErrorCode.ResourceNotFound, "digest");
        }

        (await server.SendAsync("GET", shared, (string?)null, "222222222222"))
            .ShouldFail(404, ErrorCode.ResourceNotFound, "digest");
        await PutLayerAsync(server, "shared", digest, null);
        (await server.SendAsync("GET", shared, (string?)null, NativeServer.Tenant))
            .ShouldFail(404, ErrorCode.ResourceNotFound, "digest");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("..%2F..%2Fetc%2Fpasswd")]
    public async Task Package_by_a_name_that_is_no_digest_is_not_found(string digest)
    {
        await using var server = await NativeServer.StartAsync();

        (await server.SendAsync("GET", $"/v1/packages/{digest}")).ShouldFail(404, ErrorCode.ResourceNotFound, "digest");
    }

    private static string Arn(string layer) => $"arn:aws:lambda:us-east-1:000000000000:layer:{layer}:1";

    private static async Task PutLayerAsync(NativeServer server, string name, string digest, string? sharedWith)
    {
        var statement = new PolicyStatement
        {
            Id = "s1", Action = LayerAccess.Action, Principal = sharedWith ?? "", Resource = Arn(name),
        };
        await server.Store.WriteAsync<Done>(transaction =>
        {
            transaction.Layers.Put(new LayerVersion
            {
                Account = AccountId.Root,
                Name = name,
                Version = 1,
                Content = new PackageReference(digest, Zip.Length),
                CreatedAt = default,
                Policy = sharedWith is null
                    ? null
                    : new ResourcePolicy { Statements = [statement], RevisionId = "r" },
            });
            return Done.Value;
        });
    }

    private static Task<NativeAnswer> PutAsync(NativeServer server, string path, byte[]? zip = null) =>
        server.SendAsync("PUT", path, new ByteArrayContent(zip ?? Zip));

    private static async Task<List<string>> Keys(NativeServer server, string path, string caller = "000000000000") =>
    [
        .. (await server.SendAsync("GET", path, (string?)null, caller)).Json["blobs"]!.AsArray()
            .Select(blob => blob!["key"]!.ToString()),
    ];
}
