namespace Lambent.Kernel.Events.Lanes;

/// <summary>
/// How many of the node's places for running events an account may use: a multiple of those that are free (dynamic
/// thresholds, Choudhury and Hahne, IEEE/ACM Transactions on Networking 6, 1998). One account alone gets four fifths of
/// all places, two of them four ninths each, and some are always free for one that comes new: a flood can slow down
/// only itself.
/// </summary>
public static class FairShare
{
    private const int FreeMultiple = 4;

    /// <param name="usedByAccount">Places that the account uses.</param>
    /// <param name="usedByAll">Places that all accounts use.</param>
    /// <param name="placesMax">Places of the node.</param>
    public static bool MayTakePlace(int usedByAccount, int usedByAll, int placesMax) =>
        usedByAll < placesMax && usedByAccount < FreeMultiple * (placesMax - usedByAll);
}
