using Shouldly;
using Xunit;

namespace Lambent.Storage.Tests.Conformance;

public abstract class SettingConformance(StoreEngine engine) : StoreConformance(engine)
{
    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0, 255, 1 })]
    public async Task Setting_reads_back_the_same(byte[] value)
    {
        await WriteAsync(transaction => transaction.Settings.Put("cluster-id", [1]));
        await WriteAsync(transaction => transaction.Settings.Put("cluster-id", value));

        Store.Read(transaction => transaction.Settings.Get("cluster-id")).ShouldBe(value);
        Store.Read(transaction => transaction.Settings.Get("other")).ShouldBeNull();
    }
}
