namespace Lambent.Kernel.Access;

/// <summary>Accounts and their keys.</summary>
public interface IAccountTable
{
    Account? Get(AccountId id);

    /// <summary>Inserts or replaces.</summary>
    void Put(Account account);

    /// <summary>Deletes the account and its keys; its functions must be gone before.</summary>
    void Delete(AccountId id);

    IReadOnlyList<Account> List();

    AccessKey? GetKey(string accessKeyId);

    void PutKey(AccessKey key);

    void DeleteKey(string accessKeyId);

    IReadOnlyList<AccessKey> ListKeys(AccountId account);
}
