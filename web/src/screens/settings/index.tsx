import { operatorAccount } from '../../api/status';
import { useSession } from '../../session/useSession';
import { Page } from '../../ui/Page';
import { Tabs, type Tab } from '../../ui/Tabs';
import { AccountsTab } from './AccountsTab';
import { AccountTab } from './AccountTab';
import { AppearanceTab } from './AppearanceTab';
import { KeysTab } from './KeysTab';
import { RatesTab } from './RatesTab';
import { ServerTab } from './ServerTab';
import { SessionsTab } from './SessionsTab';
import './settings.css';

export default function Settings() {
  const isOperator = useSession()?.account === operatorAccount;
  const tabs: Array<Tab | false> = [
    { id: 'account', label: 'Account', content: () => <AccountTab /> },
    { id: 'sessions', label: 'Sessions', content: () => <SessionsTab /> },
    { id: 'keys', label: 'Access keys', content: () => <KeysTab /> },
    isOperator && { id: 'accounts', label: 'Accounts', content: () => <AccountsTab /> },
    { id: 'rates', label: 'Prices', content: () => <RatesTab /> },
    isOperator && { id: 'server', label: 'Server', content: () => <ServerTab /> },
    { id: 'appearance', label: 'Appearance', content: () => <AppearanceTab /> },
  ];
  return (
    <Page title="Settings">
      <Tabs label="Settings" tabs={tabs.filter((tab) => tab !== false)} />
    </Page>
  );
}
