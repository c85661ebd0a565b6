using Lambent.Cli.Commands;
using Shouldly;
using Xunit;

namespace Lambent.Cli.Tests.Commands;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData(404, "ResourceNotFoundException", 3)]
    [InlineData(403, "AccessDeniedException", 4)]
    [InlineData(403, "UnrecognizedClientException", 4)]
    [InlineData(403, "InvalidSignatureException", 4)]
    [InlineData(409, "ResourceConflictException", 5)]
    [InlineData(412, "PreconditionFailedException", 5)]
    [InlineData(429, "TooManyRequestsException", 6)]
    [InlineData(413, "RequestEntityTooLargeException", 6)]
    [InlineData(400, "CodeStorageExceededException", 6)]
    [InlineData(400, "PolicyLengthExceededException", 6)]
    [InlineData(400, "InvalidParameterValueException", 2)]
    [InlineData(400, "ValidationException", 2)]
    [InlineData(500, "ServiceException", 1)]
    // A type that is not in the table leaves it to the status.
    [InlineData(401, null, 4)]
    [InlineData(404, "AccountNotFound", 3)]
    [InlineData(409, "SomethingNew", 5)]
    [InlineData(504, null, 7)]
    [InlineData(418, null, 2)]
    [InlineData(503, "Draining", 1)]
    public void From_serverAnswer_isTheDocumentedCode(int status, string? type, int expected) =>
        ((int)ExitCodes.From(status, type)).ShouldBe(expected);
}
