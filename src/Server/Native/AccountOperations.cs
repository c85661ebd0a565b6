using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Server.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>
/// Accounts and their keys. Accounts are the operator's, so only the root account's key creates, lists and deletes
/// them; the keys of an account are its own business too.
/// </summary>
internal sealed class AccountOperations(AccountService accounts)
{
    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/accounts", ListAsync);
        endpoints.Map(routes, "POST", "/v1/accounts", CreateAsync);
        endpoints.Map(routes, "DELETE", "/v1/accounts/{account}", DeleteAsync);
        endpoints.Map(routes, "PUT", "/v1/accounts/{account}/concurrency", LimitAsync);
        endpoints.Map(routes, "GET", "/v1/accounts/{account}/keys", ListKeysAsync);
        endpoints.Map(routes, "POST", "/v1/accounts/{account}/keys", CreateKeyAsync);
        endpoints.Map(routes, "DELETE", "/v1/accounts/{account}/keys/{key}", DeleteKeyAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (OperatorOnly(principal) is { } denied)
        {
            return denied;
        }

        var answer = new AccountsAnswer([.. accounts.List().Select(Shape)]);
        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.AccountsAnswer);
        return null;
    }

    private async Task<Error?> CreateAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (OperatorOnly(principal) is { } denied)
        {
            return denied;
        }

        if (NativeEndpoints.Read(body, NativeJson.Default.CreateAccountRequest)
            .Failed(out var request, out var invalid))
        {
            return invalid;
        }

        AccountId? id = null;
        if (request.Id is { } text)
        {
            if (!AccountId.TryParse(text, out var parsed))
            {
                return InvalidId(text);
            }

            id = parsed;
        }

        var created = await accounts.CreateAsync(request.Name ?? "", id, http.RequestAborted);
        if (created.Failed(out var account, out var failure))
        {
            return failure;
        }

        var answer = new CreatedAccountAnswer(Shape(account.Account), account.Key.Id, account.Key.Secret);
        await NativeEndpoints.WriteAsync(http, 201, answer, NativeJson.Default.CreatedAccountAnswer);
        return null;
    }

    private async Task<Error?> DeleteAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (OperatorOnly(principal) is { } denied)
        {
            return denied;
        }

        if (Account(http).Failed(out var account, out var invalid))
        {
            return invalid;
        }

        if ((await accounts.DeleteAsync(account, http.RequestAborted)).Error is { } failure)
        {
            return failure;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private async Task<Error?> LimitAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (OperatorOnly(principal) is { } denied)
        {
            return denied;
        }

        if (Account(http).Failed(out var account, out var invalid)
            || NativeEndpoints.Read(body, NativeJson.Default.LimitConcurrencyRequest)
                .Failed(out var request, out invalid))
        {
            return invalid;
        }

        if ((await accounts.LimitConcurrencyAsync(account, request.Concurrency ?? 0, http.RequestAborted))
            .Failed(out var limited, out var failure))
        {
            return failure;
        }

        var answer = new AccountLimitAnswer(limited.Id.Value, limited.Name, limited.ConcurrencyLimit);
        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.AccountLimitAnswer);
        return null;
    }

    private async Task<Error?> ListKeysAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Own(http, principal).Failed(out var account, out var denied))
        {
            return denied;
        }

        if (accounts.ListKeys(account).Failed(out var keys, out var failure))
        {
            return failure;
        }

        var answer = new KeysAnswer([.. keys.Select(key => new KeyAnswer(key.Id, key.CreatedAt))]);
        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.KeysAnswer);
        return null;
    }

    private async Task<Error?> CreateKeyAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Own(http, principal).Failed(out var account, out var denied))
        {
            return denied;
        }

        if ((await accounts.CreateKeyAsync(account, http.RequestAborted)).Failed(out var key, out var failure))
        {
            return failure;
        }

        var answer = new CreatedKeyAnswer(key.Id, key.Secret, key.CreatedAt);
        await NativeEndpoints.WriteAsync(http, 201, answer, NativeJson.Default.CreatedKeyAnswer);
        return null;
    }

    private async Task<Error?> DeleteKeyAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (Own(http, principal).Failed(out var account, out var denied))
        {
            return denied;
        }

        var key = (string)http.Request.RouteValues["key"]!;
        if ((await accounts.DeleteKeyAsync(account, key, http.RequestAborted)).Error is { } failure)
        {
            return failure;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private static Error? OperatorOnly(Principal principal) => principal.Account == AccountId.Root
        ? null
        : new Error(ErrorCode.AccessDenied, $"{principal.Arn} may not manage accounts: the root account does.");

    /// <summary>The account in the path, when the caller may manage its keys.</summary>
    private static Result<AccountId> Own(HttpContext http, Principal principal) => Account(http).Then<AccountId>(
        account => principal.Account == AccountId.Root || principal.Account == account
            ? account
            : new Error(ErrorCode.AccessDenied, $"{principal.Arn} may not manage the keys of account {account}."));

    private static Result<AccountId> Account(HttpContext http)
    {
        var text = (string)http.Request.RouteValues["account"]!;
        return AccountId.TryParse(text, out var account) ? account : InvalidId(text);
    }

    private static Error InvalidId(string text) => new(
        ErrorCode.ValidationFailed, $"'{text}' is not an account id: twelve digits are expected.", "id");

    private static AccountAnswer Shape(Account account) =>
        new(account.Id.Value, account.Name, account.CreatedAt, account.ConcurrencyLimit);
}
