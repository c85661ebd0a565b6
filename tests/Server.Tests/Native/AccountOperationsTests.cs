using System.Net;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Native;

public sealed class AccountOperationsTests
{
    [Fact]
    public async Task Operator_creates_lists_and_deletes_accounts()
    {
        await using var server = await NativeServer.StartAsync();

        var created = await server.SendAsync("POST", "/v1/accounts", """{"name":"shop","id":"222233334444"}""");
        created.Status.ShouldBe(HttpStatusCode.Created);
        created.Json["account"]!.AsObject().Select(member => member.Key)
            .ShouldBe(["id", "name", "createdAt", "concurrency"]);
        created.Json["account"]!["id"]!.ToString().ShouldBe("222233334444");
        created.Json["accessKeyId"]!.ToString().ShouldStartWith("AKIA");
        created.Json["secretAccessKey"]!.ToString().Length.ShouldBe(40);

        var listed = await server.SendAsync("GET", "/v1/accounts");
        listed.Json["accounts"]!.AsArray().Select(account => account!["id"]!.ToString())
            .ShouldBe(["000000000000", NativeServer.Tenant, "222233334444"]);

        (await server.SendAsync("DELETE", "/v1/accounts/222233334444")).Status.ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("DELETE", "/v1/accounts/222233334444"))
            .ShouldFail(404, ErrorCode.AccountNotFound, "Id");
    }

    [Fact]
    public async Task Operator_limits_an_account()
    {
        await using var server = await NativeServer.StartAsync();
        List<AccountId> changed = [];
        server.Accounts.LimitChanged += changed.Add;

        var limited = await server.SendAsync(
            "PUT", $"/v1/accounts/{NativeServer.Tenant}/concurrency", """{"concurrency":10}""");

        limited.Status.ShouldBe(HttpStatusCode.OK);
        limited.Text.ShouldBe($$"""{"id":"{{NativeServer.Tenant}}","name":"tenant","concurrency":10}""");
        changed.ShouldBe([AccountId.Parse(NativeServer.Tenant)]);
        server.Accounts.List().Single(account => account.Id.Value == NativeServer.Tenant).ConcurrencyLimit.ShouldBe(10);
        foreach (var body in new[] { "{}", """{"concurrency":0}""", """{"concurrency":100001}""" })
        {
            (await server.SendAsync("PUT", $"/v1/accounts/{NativeServer.Tenant}/concurrency", body))
                .ShouldFail(400, ErrorCode.InvalidParameter, "concurrency");
        }

        (await server.SendAsync("PUT", "/v1/accounts/999999999999/concurrency", """{"concurrency":10}"""))
            .ShouldFail(404, ErrorCode.AccountNotFound, "Id");
    }

    [Theory]
    [InlineData("GET", "/v1/accounts", null)]
    [InlineData("POST", "/v1/accounts", "{\"name\":\"mine\"}")]
    [InlineData("DELETE", "/v1/accounts/111122223333", null)]
    [InlineData("PUT", "/v1/accounts/111122223333/concurrency", "{\"concurrency\":5}")]
    [InlineData("GET", "/v1/accounts/000000000000/keys", null)]
    [InlineData("POST", "/v1/accounts/000000000000/keys", null)]
    [InlineData("DELETE", "/v1/accounts/000000000000/keys/AKIAANY", null)]
    public async Task Tenant_is_denied_what_is_the_operators(string method, string path, string? body)
    {
        await using var server = await NativeServer.StartAsync();
        var before = server.Accounts.List().Count;

        (await server.SendAsync(method, path, body, NativeServer.Tenant)).ShouldFail(403, ErrorCode.AccessDenied);

        server.Accounts.List().Count.ShouldBe(before);
        server.Accounts.ListKeys(AccountId.Root).Value.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("000000000000/hello", ErrorCode.AccessDenied)]
    [InlineData("nobody", ErrorCode.AuthenticationMissing)]
    public async Task Function_and_stranger_are_denied_everything(string caller, ErrorCode code)
    {
        await using var server = await NativeServer.StartAsync();

        foreach (var path in new[] { "/v1/accounts", "/v1/status", "/v1/environments", "/v1/logs", "/v1/blobs/b" })
        {
            (await server.SendAsync("GET", path, (string?)null, caller)).ShouldFail(403, code);
        }
    }

    [Fact]
    public async Task Tenant_manages_its_own_keys()
    {
        await using var server = await NativeServer.StartAsync();
        const string Keys = $"/v1/accounts/{NativeServer.Tenant}/keys";

        var created = await server.SendAsync("POST", Keys, (string?)null, NativeServer.Tenant);
        created.Status.ShouldBe(HttpStatusCode.Created);
        var id = created.Json["accessKeyId"]!.ToString();
        created.Json.AsObject().Select(member => member.Key).ShouldBe(["accessKeyId", "secretAccessKey", "createdAt"]);

        var listed = await server.SendAsync("GET", Keys, (string?)null, NativeServer.Tenant);
        listed.Json["keys"]!.AsArray().Count.ShouldBe(2);
        listed.Text.ShouldNotContain("secret", Case.Insensitive);

        (await server.SendAsync("DELETE", $"{Keys}/{id}", (string?)null, NativeServer.Tenant))
            .Status.ShouldBe(HttpStatusCode.NoContent);
        (await server.SendAsync("DELETE", $"{Keys}/{id}", (string?)null, NativeServer.Tenant))
            .ShouldFail(404, ErrorCode.ResourceNotFound, "KeyId");
    }

    [Theory]
    [InlineData("", ErrorCode.ValidationFailed, "$")]
    [InlineData("null", ErrorCode.ValidationFailed, null)]
    [InlineData("[]", ErrorCode.ValidationFailed, "$")]
    [InlineData("{\"name\":7}", ErrorCode.ValidationFailed, "$.name")]
    [InlineData("{\"name\":\"x\",\"id\":\"12\"}", ErrorCode.ValidationFailed, "id")]
    [InlineData("{}", ErrorCode.InvalidParameter, "Name")]
    [InlineData("{\"name\":\"a\\nb\"}", ErrorCode.InvalidParameter, "Name")]
    public async Task Account_that_is_no_valid_one_is_refused(string body, ErrorCode code, string? field)
    {
        await using var server = await NativeServer.StartAsync();

        (await server.SendAsync("POST", "/v1/accounts", body)).ShouldFail(400, code, field);

        server.Accounts.List().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Requests_that_cannot_be_met_are_refused_with_their_reason()
    {
        await using var server = await NativeServer.StartAsync();

        (await server.SendAsync("POST", "/v1/accounts", $$"""{"name":"x","id":"{{NativeServer.Tenant}}"}"""))
            .ShouldFail(409, ErrorCode.ResourceConflict, "Id");
        (await server.SendAsync("DELETE", "/v1/accounts/000000000000")).ShouldFail(400, ErrorCode.NotSupported, "Id");
        (await server.SendAsync("DELETE", "/v1/accounts/12")).ShouldFail(400, ErrorCode.ValidationFailed, "id");
        (await server.SendAsync("GET", "/v1/accounts/999999999999/keys"))
            .ShouldFail(404, ErrorCode.AccountNotFound, "Id");
        (await server.SendAsync("POST", "/v1/accounts", new string('x', 1024 * 1024 + 1)))
            .ShouldFail(413, ErrorCode.RequestTooLarge);
    }
}
