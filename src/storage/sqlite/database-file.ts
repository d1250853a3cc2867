/** In the data folder. Apart from the driver, so that who only looks for it does not load that. */
export const databaseFile = 'sallyport.db'
