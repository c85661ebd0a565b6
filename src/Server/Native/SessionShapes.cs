using System.Text.Json.Serialization;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/sessions.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(LoginTokenRequest))]
[JsonSerializable(typeof(LoginTokenAnswer))]
[JsonSerializable(typeof(LoginRequest))]
[JsonSerializable(typeof(LoginAnswer))]
[JsonSerializable(typeof(BrowserSessionsAnswer))]
internal sealed partial class SessionJson : JsonSerializerContext;

/// <param name="Minutes">How long the token waits for its use; absent: 30.</param>
internal sealed record LoginTokenRequest(int? Minutes);

/// <param name="Token">Begins one session; shown this once.</param>
/// <param name="ExpiresAt">From then on it is worth nothing.</param>
/// <param name="Url">The dashboard's page that uses it; a fragment stays in the browser, so no log has it.</param>
internal sealed record LoginTokenAnswer(string Token, DateTimeOffset ExpiresAt, string Url);

internal sealed record LoginRequest(string? Token);

/// <param name="Proof">Goes with every further request for credentials; only in the answer to the login.</param>
/// <param name="ExpiresAt">When the session ends if it is not used any more.</param>
internal sealed record LoginAnswer(
    string? Proof,
    string Account,
    string AccountName,
    string Region,
    string Version,
    DateTimeOffset ExpiresAt,
    BrowserCredentialsAnswer Credentials);

/// <summary>What signs requests as any other key of the account does.</summary>
internal sealed record BrowserCredentialsAnswer(
    string AccessKeyId, string SecretAccessKey, string SessionToken, DateTimeOffset ExpiresAt);

internal sealed record BrowserSessionsAnswer(IReadOnlyList<BrowserSessionAnswer> Sessions);

/// <param name="LastUsedAt">When it last got credentials, to the minute.</param>
/// <param name="ExpiresAt">When it ends if it is not used any more.</param>
/// <param name="Current">Whether the request was signed with its credentials.</param>
internal sealed record BrowserSessionAnswer(
    string Id,
    DateTimeOffset BegunAt,
    DateTimeOffset LastUsedAt,
    DateTimeOffset ExpiresAt,
    string UserAgent,
    bool Current);
