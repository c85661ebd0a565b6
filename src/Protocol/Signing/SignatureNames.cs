namespace Lambent.Protocol.Signing;

/// <summary>The fixed words of AWS Signature Version 4.</summary>
public static class SignatureNames
{
    public const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>The last part of every credential scope.</summary>
    public const string Terminator = "aws4_request";

    // Headers, lower case as they are signed.
    public const string AuthorizationHeader = "authorization";
    public const string HostHeader = "host";
    public const string DateHeader = "x-amz-date";
    public const string SecurityTokenHeader = "x-amz-security-token";
    public const string ContentHashHeader = "x-amz-content-sha256";

    // Query parameters of a presigned request.
    public const string AlgorithmParameter = "X-Amz-Algorithm";
    public const string CredentialParameter = "X-Amz-Credential";
    public const string DateParameter = "X-Amz-Date";
    public const string ExpiresParameter = "X-Amz-Expires";
    public const string SignedHeadersParameter = "X-Amz-SignedHeaders";
    public const string SignatureParameter = "X-Amz-Signature";
    public const string SecurityTokenParameter = "X-Amz-Security-Token";

    /// <summary>Payload hash of a request whose body is not signed; only S3 takes it.</summary>
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";

    /// <summary>Begins the payload hash of bodies that are signed chunk by chunk; only S3 takes them.</summary>
    public const string StreamingPayloadPrefix = "STREAMING-";

    /// <summary>Each chunk has a signature.</summary>
    public const string SignedChunks = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";

    /// <summary>Each chunk has a signature, and so have the headers behind the last one.</summary>
    public const string SignedChunksWithTrailer = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";

    /// <summary>Chunks without signatures, and headers behind the last one.</summary>
    public const string UnsignedChunksWithTrailer = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";

    /// <summary>SHA-256 of nothing, as lower-case hexadecimal digits.</summary>
    public const string EmptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>Bytes of a SHA-256 hash and of a signature.</summary>
    public const int HashBytes = 32;

    /// <summary>Characters of a hash or signature in hexadecimal digits.</summary>
    public const int HashCharacters = 64;
}
