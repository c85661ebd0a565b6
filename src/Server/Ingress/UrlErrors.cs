using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Server.Functions;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Ingress;

/// <summary>
/// What a function URL answers when the function cannot: AWS's bodies, and headers that say who failed.
/// </summary>
internal static class UrlErrors
{
    /// <summary>The platform refused the call.</summary>
    public static Task WriteAsync(HttpResponse response, Error error)
    {
        response.Headers["x-error-component"] = "platform";
        response.Headers["x-error-reason"] = error.Reason ?? error.Code.ToString();
        var status = error.Code switch
        {
            ErrorCode.FunctionConcurrencyExceeded or ErrorCode.AccountConcurrencyExceeded
                or ErrorCode.InvocationRateExceeded => 429,
            ErrorCode.Draining or ErrorCode.DiskFull or ErrorCode.StoreUnavailable => 503,
            _ => 502,
        };
        if (status == 429)
        {
            response.Headers.RetryAfter = "1";
        }

        return WriteAsync(response, status, error.Message);
    }

    public static Task WriteAsync(HttpResponse response, int status, string message)
    {
        response.StatusCode = status;
        response.ContentType = "application/json";
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Dictionary<string, string> { ["Message"] = message }, UrlJson.Default.DictionaryStringString);
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }

    public static Task WriteForbiddenAsync(HttpResponse response)
    {
        response.Headers["x-amzn-ErrorType"] = "AccessDeniedException";
        return WriteAsync(
            response,
            403,
            "Forbidden. For troubleshooting Function URL authorization issues, see docs/guides/function-urls.md.");
    }

    /// <summary>The function failed: AWS tells the caller nothing more than this, the log has the rest.</summary>
    public static Task WriteFunctionErrorAsync(HttpResponse response)
    {
        // What the handler set before its answer turned out broken does not describe this body.
        response.Headers.ContentEncoding = default;
        response.Headers.SetCookie = default;
        response.Headers["x-error-component"] = "function";
        response.StatusCode = 502;
        response.ContentType = "application/json";
        var body = "Internal Server Error"u8.ToArray();
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body, 0, body.Length);
    }

    /// <summary>Why a version takes no calls yet, or null when it does.</summary>
    public static string? NotReady(FunctionSnapshot function, string version) =>
        function.CallableOf(version)?.State is FunctionState.Pending or FunctionState.Failed ? "not ready" : null;
}
