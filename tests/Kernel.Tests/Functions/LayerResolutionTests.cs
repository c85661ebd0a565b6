using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Packages;
using Shouldly;
using Xunit;

namespace Lambent.Kernel.Tests.Functions;

public sealed class LayerResolutionTests
{
    private const string Own = "arn:aws:lambda:us-east-1:000000000000:layer:tools:1";
    private const string Foreign = "arn:aws:lambda:us-east-1:111111111111:layer:tools:1";
    private static readonly AccountId Other = AccountId.Parse("111111111111");

    [Theory]
    [InlineData("*", true)]
    [InlineData("000000000000", true)]
    [InlineData("arn:aws:iam::000000000000:root", true)]
    [InlineData("222222222222", false)]
    [InlineData("arn:aws:iam::222222222222:root", false)]
    [InlineData("x:iam::000000000000:root", false)]
    public void Layer_of_another_account_needs_its_policy(string principal, bool allowed)
    {
        var result = Resolve([Foreign], Layer(Other, principal));

        result.IsSuccess.ShouldBe(allowed);
        if (!allowed)
        {
            result.Error!.Code.ShouldBe(ErrorCode.AccessDenied);
            result.Error.Message.ShouldBe(Resolve([Foreign]).Error!.Message, "missing and forbidden look alike");
        }
    }

    [Fact]
    public void Layers_keep_their_order()
    {
        var resolved = Resolve([Foreign, Own], Layer(Other, "*"), Layer(AccountId.Root)).Value;

        resolved.Select(layer => layer.Arn).ShouldBe([Foreign, Own]);
    }

    [Fact]
    public void Own_layer_that_is_missing_is_named() => Resolve([Own]).Error!.ShouldBe(
        new Error(ErrorCode.InvalidParameter, $"Layer version {Own} does not exist.", "Layers"));

    private static Result<System.Collections.Immutable.ImmutableArray<LayerReference>> Resolve(
        string[] arns, params LayerVersion[] layers) => LayerResolution.Resolve(
        arns, new Principal(AccountId.Root, "AKIA"), "us-east-1", new LayerTable(layers));

    private static LayerVersion Layer(AccountId account, string? principal = null) => new()
    {
        Account = account,
        Name = "tools",
        Version = 1,
        Content = new PackageReference(new string('0', 64), 1),
        CreatedAt = DateTimeOffset.UnixEpoch,
        Policy = principal is null
            ? null
            : new ResourcePolicy
            {
                RevisionId = "r",
                Statements =
                [
                    new PolicyStatement
                    {
                        Id = "s",
                        Action = LayerAccess.Action,
                        Principal = principal,
                        Resource = Foreign,
                    },
                ],
            },
    };

    private sealed class LayerTable(LayerVersion[] layers) : ILayerTable
    {
        public LayerVersion? Get(AccountId account, string name, long version) => layers.FirstOrDefault(
            layer => layer.Account == account && layer.Name == name && layer.Version == version);

        public void Put(LayerVersion layer) => throw new NotSupportedException();

        public void Delete(AccountId account, string name, long version) => throw new NotSupportedException();

        public long NextVersion(AccountId account, string name) => throw new NotSupportedException();

        public IEnumerable<LayerVersion> All() => throw new NotSupportedException();

        public IReadOnlyList<LayerVersion> ListVersions(
            AccountId account, string name, long? beforeVersion, int limit) => throw new NotSupportedException();

        public IReadOnlyList<LayerVersion> ListNewest(AccountId account, string? afterName, int limit) =>
            throw new NotSupportedException();
    }
}
