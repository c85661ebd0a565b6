using Lambent.Kernel;
using Lambent.Kernel.Access;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Access;

/// <summary>Establishes who makes a request of an AWS API, from its signature.</summary>
internal interface IRequestAuthenticator
{
    /// <summary>
    /// What can be told before the body came: a failure of <see cref="AuthenticateAsync"/>, or null to go on. So an
    /// unknown caller costs no memory for a body.
    /// </summary>
    Error? CheckHead(HttpContext http);

    /// <summary>
    /// The caller. Fails with the codes of the access group: AuthenticationMissing, SignatureIncomplete,
    /// SignatureMismatch, SignatureExpired, AccessKeyUnknown, SessionTokenInvalid, SessionTokenExpired, RegionMismatch.
    /// </summary>
    /// <param name="http">The request; its body was read already.</param>
    /// <param name="body">The whole body, which the signature covers.</param>
    ValueTask<Result<Principal>> AuthenticateAsync(HttpContext http, ReadOnlyMemory<byte> body);
}
