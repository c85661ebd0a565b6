// Charges a card, and refunds it. The card decides what happens, so that every way of the saga can be seen.

class PaymentDeclined extends Error {
  name = 'PaymentDeclined';
}

class BankUnavailable extends Error {
  name = 'BankUnavailable';
}

export const handler = async ({ action, order, amount, card, attempt }) => {
  if (action === 'refund') {
    return { refunded: amount };
  }

  if (card === 'declined') {
    throw new PaymentDeclined(`the bank refuses ${amount} for ${order}`);
  }

  if (card === 'flaky' && attempt < 2) {
    throw new BankUnavailable('the bank does not answer');
  }

  return { id: `payment-${order}`, amount };
};
