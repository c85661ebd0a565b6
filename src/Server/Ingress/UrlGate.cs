using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Ingress;

/// <summary>Who may pass through a function's URL.</summary>
internal sealed class UrlGate(SignatureVerifier verifier, Authorizer authorizer)
{
    /// <summary>The caller, null for a URL without authentication; or that nobody may know more.</summary>
    public (Principal? Caller, bool Denied) Authorize(HttpContext http, UrlCall call, ReadOnlyMemory<byte> body)
    {
        Principal? caller = null;
        if (call.Url.Auth == FunctionUrlAuth.AwsIam
            && verifier.Verify(http, body.Span).Failed(out caller, out _))
        {
            return (null, true);
        }

        return (caller, !Allows(call, caller));
    }

    /// <summary>
    /// The same before the body has come. A signature must then name the body's hash, in the header
    /// x-amz-content-sha256, for the body to be held against when it ends.
    /// </summary>
    public Result<(Principal? Caller, string? PayloadHash)> AuthorizeHead(HttpContext http, UrlCall call)
    {
        var denied = new Error(ErrorCode.AccessDenied, "Forbidden.");
        if (call.Url.Auth != FunctionUrlAuth.AwsIam)
        {
            return Allows(call, null) ? ((Principal?)null, (string?)null) : denied;
        }

        if (verifier.VerifyHead(http).Failed(out var head, out _))
        {
            return denied;
        }

        if (head.PayloadHash is null)
        {
            return new Error(
                ErrorCode.SignatureIncomplete,
                "The request's body is streamed: sign it with the header x-amz-content-sha256.");
        }

        return Allows(call, head.Principal) ? ((Principal?)head.Principal, (string?)head.PayloadHash) : denied;
    }

    private bool Allows(UrlCall call, Principal? caller) =>
        authorizer.AllowsFunctionUrl(caller, call.Address.Function, call.Address.Qualifier, call.Url.Auth);
}
